// SPDX-License-Identifier: Apache-2.0

// Geo says in which zone a parcel lies. SIGUSR1 sets its log level to debug, which adds a trace to a file, SIGUSR2 to info.
// Usage: geo PORT TRACEFILE
package main

import (
	"fmt"
	"io"
	"log"
	"math/rand"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	polygons = 260 // of a lookup's trace
	zones    = 30
)

var (
	say   = log.New(os.Stdout, "", log.LstdFlags|log.Lmicroseconds|log.LUTC)
	edges = strings.Repeat("[8.5241,47.3712] ", 50)
	debug atomic.Bool
)

func setLevelOnSignal(signals <-chan os.Signal) {
	for s := range signals {
		debug.Store(s == syscall.SIGUSR1)
		level := "info"
		if debug.Load() {
			level = "debug"
		}
		say.Printf("INFO geo/admin log level %s (requested by mkessler)", level)
	}
}

func checkTiles() {
	for range time.Tick(30 * time.Second) {
		say.Printf("INFO geo/tiles checked, %d fresh, 0 stale", 480+rand.Intn(20))
	}
}

func writeTrace(trace io.Writer, begun time.Time) {
	for i := 0; i < polygons; i++ {
		fmt.Fprintf(trace, "%s DEBUG polygon %d edges %s\n", begun.Format(time.RFC3339Nano), i, edges)
	}
}

func lookUp(trace io.Writer, parcel string) int {
	begun := time.Now()
	time.Sleep(time.Duration(10+rand.Intn(40)) * time.Millisecond)
	if debug.Load() {
		writeTrace(trace, begun)
	}
	zone := 1 + rand.Intn(zones)
	if rand.Intn(40) == 0 {
		say.Printf("WARN geo/lookup %s lies in two zones, the smaller is taken", parcel)
	}
	say.Printf("INFO geo/lookup %s zone=%d %s", parcel, zone, time.Since(begun).Round(time.Millisecond))
	return zone
}

func main() {
	port, path := os.Args[1], os.Args[2]
	trace, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		say.Fatal(err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGUSR2)
	go setLevelOnSignal(signals)
	say.Print("INFO geo/main 41877 postcodes loaded, tiles 2026-11")
	go checkTiles()
	http.HandleFunc("/zone/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, lookUp(trace, strings.TrimPrefix(r.URL.Path, "/zone/")))
	})
	say.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
