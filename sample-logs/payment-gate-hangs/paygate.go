// SPDX-License-Identifier: Apache-2.0

// Paygate passes charges on to an acquirer and reads its file of settings again on SIGHUP. Usage: paygate PORT FILE
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

var acquirer atomic.Value

func load(path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		log.Printf("E settings not read: %v", err)
		return
	}
	acquirer.Store(strings.TrimSpace(string(data)))
	log.Printf("I settings read, acquirer=%s scheme=visa,mc ledger=daily", acquirer.Load())
}

func loadOnHangup(path string) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	for range hangup {
		load(path)
	}
}

func printReceipts() {
	for {
		time.Sleep(23 * time.Second)
		log.Printf("W receipt printer 4 has no paper, receipt goes by mail only")
	}
}

func main() {
	port, path := os.Args[1], os.Args[2]
	log.SetFlags(log.LstdFlags | log.Lmicroseconds | log.LUTC)
	load(path)
	go loadOnHangup(path)
	go printReceipts()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}} // no time-out
	http.HandleFunc("/charge/", func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		id := strings.TrimPrefix(r.URL.Path, "/charge/")
		answer, err := client.Get(fmt.Sprintf("http://%s/auth/%s", acquirer.Load(), id))
		if err != nil {
			log.Printf("E charge %s: %v", id, err)
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		log.Printf("I charge %s %d %v", id, answer.StatusCode, time.Since(begun).Round(time.Millisecond))
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
