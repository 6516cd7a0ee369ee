// SPDX-License-Identifier: Apache-2.0

// Operator keeps the status of storage pools in etcd: it is woken every 20 s, and by its watch when a status changes.
// A release 0.10 writes into each status when it was observed. Usage: operator --etcd URL --release VERSION
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"k8s.io/klog"
)

const (
	pools        = 16
	disksPerPool = 150
	resync       = 20 * time.Second
	pauseBetween = 70 * time.Millisecond
	retryAfter   = 5 * time.Second
)

type object map[string]any

type disk struct {
	Serial, Model, Health string
	Temp                  int
	Sectors               int64
}

type status struct {
	Pool       string
	UsedGiB    int
	Disks      []disk
	ObservedAt string `json:",omitempty"`
}

// etcd is asked over its JSON gateway.
type etcd struct {
	url    string
	client *http.Client
}

type operator struct {
	store   etcd
	release string
	mutex   sync.Mutex
	used    map[string]int
	queued  map[string]bool
	queue   chan string
}

func encode(text string) string {
	return base64.StdEncoding.EncodeToString([]byte(text))
}

func decode(text string) []byte {
	data, _ := base64.StdEncoding.DecodeString(text)
	return data
}

func poolName(number int) string {
	return fmt.Sprintf("p-%02d", number)
}

func statusKey(pool string) string {
	return encode("/pools/" + pool + "/status")
}

// --- etcd ---

func (e *etcd) call(path string, question object, answer any) error {
	body, _ := json.Marshal(question)
	response, err := e.client.Post(e.url+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		var failure struct{ Message string }
		json.NewDecoder(response.Body).Decode(&failure)
		return errors.New(failure.Message)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

func (e *etcd) read(pool string) (old status, err error) {
	var found struct {
		Kvs []struct{ Value string }
	}
	if err = e.call("/v3/kv/range", object{"key": statusKey(pool)}, &found); err != nil {
		return old, err
	}
	if len(found.Kvs) > 0 {
		json.Unmarshal(decode(found.Kvs[0].Value), &old)
	}
	return old, nil
}

func (e *etcd) write(pool string, data []byte) (revision string, err error) {
	var put struct {
		Header struct{ Revision string }
	}
	err = e.call("/v3/kv/put", object{"key": statusKey(pool), "value": encode(string(data))}, &put)
	return put.Header.Revision, err
}

// --- a pool ---

func (o *operator) observe(pool string) status {
	o.mutex.Lock()
	seen := status{Pool: pool, UsedGiB: o.used[pool]}
	o.mutex.Unlock()
	for i := 0; i < disksPerPool; i++ {
		serial := fmt.Sprintf("%s-WD40%06d", pool, i*7919%999983)
		seen.Disks = append(seen.Disks, disk{serial, "WDC WD40EFAX-68JH4N1 rev 83.00A83", "ok", 31, 7814037168})
	}
	if strings.HasPrefix(o.release, "0.10.") {
		seen.ObservedAt = time.Now().UTC().Format(time.RFC3339Nano)
	}
	return seen
}

func changes(old, seen status) (changed []string) {
	if old.UsedGiB != seen.UsedGiB {
		changed = append(changed, "usedGiB")
	}
	if len(old.Disks) != len(seen.Disks) {
		changed = append(changed, "disks")
	}
	if old.ObservedAt != seen.ObservedAt {
		changed = append(changed, "observedAt")
	}
	return changed
}

func (o *operator) reconcile(pool string) error {
	old, err := o.store.read(pool)
	if err != nil {
		return err
	}
	seen := o.observe(pool)
	changed := changes(old, seen)
	if len(changed) == 0 {
		return nil
	}
	data, _ := json.Marshal(seen)
	revision, err := o.store.write(pool, data)
	if err != nil {
		return err
	}
	klog.InfoS("Status updated", "pool", pool, "changed", strings.Join(changed, ","), "revision", revision, "bytes", len(data))
	return nil
}

// --- what wakes it ---

func (o *operator) enqueue(pool string) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if !o.queued[pool] {
		o.queued[pool] = true
		o.queue <- pool
	}
}

func (o *operator) enqueueChanged(line []byte) {
	var message struct {
		Result struct {
			Events []struct {
				Kv struct{ Key string }
			}
		}
	}
	json.Unmarshal(line, &message)
	for _, event := range message.Result.Events {
		if parts := strings.Split(string(decode(event.Kv.Key)), "/"); len(parts) > 2 {
			o.enqueue(parts[2])
		}
	}
}

func (o *operator) watch() {
	body, _ := json.Marshal(object{"create_request": object{"key": encode("/pools/"), "range_end": encode("/pools0")}})
	for {
		response, err := http.Post(o.store.url+"/v3/watch", "application/json", bytes.NewReader(body))
		if err != nil {
			klog.ErrorS(err, "Watch failed, retrying")
			time.Sleep(2 * time.Second)
			continue
		}
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(make([]byte, 1<<20), 4<<20)
		for lines.Scan() {
			o.enqueueChanged(lines.Bytes())
		}
		response.Body.Close()
		klog.InfoS("Watch closed, reopening")
	}
}

func (o *operator) use(pool string, gigabytes int) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.used[pool] += gigabytes
}

func (o *operator) resync() {
	for {
		for number := 1; number <= pools; number++ {
			o.enqueue(poolName(number))
		}
		time.Sleep(resync)
		o.use(poolName(1+rand.Intn(pools)), rand.Intn(3))
		if rand.Intn(3) == 0 {
			pool := poolName(1 + rand.Intn(pools))
			klog.InfoS("SMART probe timed out, using last known values", "pool", pool, "disk", rand.Intn(disksPerPool))
		}
	}
}

func (o *operator) work() {
	for pool := range o.queue {
		o.mutex.Lock()
		o.queued[pool] = false
		o.mutex.Unlock()
		if err := o.reconcile(pool); err != nil {
			klog.ErrorS(err, "Reconcile failed, requeueing", "pool", pool)
			failed := pool
			time.AfterFunc(retryAfter, func() { o.enqueue(failed) })
		}
		time.Sleep(pauseBetween)
	}
}

func stopOnSignal() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	klog.InfoS("Received SIGTERM, stopping")
	klog.Flush()
	os.Exit(0)
}

func main() {
	klog.InitFlags(nil)
	url := flag.String("etcd", "", "where etcd is")
	release := flag.String("release", "", "the release to be")
	flag.Parse()
	klog.InfoS("Starting pool-operator", "version", *release, "workers", 1, "resync", "20s")
	o := &operator{
		store:   etcd{*url, &http.Client{Timeout: 5 * time.Second}},
		release: *release,
		used:    map[string]int{},
		queued:  map[string]bool{},
		queue:   make(chan string, 500),
	}
	for number := 1; number <= pools; number++ {
		o.used[poolName(number)] = 400 + number*13
	}
	go o.watch()
	go o.resync()
	go stopOnSignal()
	o.work()
}
