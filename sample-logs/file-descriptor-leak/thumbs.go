// SPDX-License-Identifier: Apache-2.0

// Thumbs serves thumbnails from a folder, with logfmt lines. Usage: thumbs PORT FOLDER. Release 1.8 keeps files open to save opening them
// again; a file whose client has it already (304) is never given back.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

var release = "1.7.4" // set by the linker

type store struct {
	folder string
	mu     sync.Mutex
	lent   map[*os.File]time.Time
}

func logf(level, format string, values ...any) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	fmt.Printf("ts=%s level=%s app=thumbs %s\n", now, level, fmt.Sprintf(format, values...))
}

func (s *store) open(name string) (*os.File, error) {
	file, err := os.Open(filepath.Join(s.folder, filepath.Base(name)))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.lent[file] = time.Now()
	s.mu.Unlock()
	return file, nil
}

func (s *store) giveBack(file *os.File) {
	s.mu.Lock()
	delete(s.lent, file)
	s.mu.Unlock()
	file.Close()
}

func (s *store) serve(w http.ResponseWriter, r *http.Request) int {
	if !strings.HasPrefix(r.URL.Path, "/thumbs/") {
		http.NotFound(w, r)
		return 404
	}
	file, err := s.open(r.URL.Path)
	if os.IsNotExist(err) {
		logf("warn", "msg=\"no such thumbnail\" path=%s", r.URL.Path)
		http.NotFound(w, r)
		return 404
	}
	if err != nil {
		logf("error", "msg=\"thumbnail not served\" err=%q", err)
		http.Error(w, "internal", 500)
		return 500
	}
	if r.URL.Query().Get("have") == "1" {
		if release < "1.8" {
			s.giveBack(file)
		}
		w.WriteHeader(304)
		return 304
	}
	defer s.giveBack(file)
	io.Copy(w, file)
	return 200
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	status := s.serve(w, r)
	logf("info", "msg=request method=%s path=%s status=%d us=%d", r.Method, r.URL.RequestURI(), status, time.Since(begun).Microseconds())
}

type errorLines struct{}

func (errorLines) Write(text []byte) (int, error) {
	logf("error", "msg=%q", strings.TrimSpace(string(text)))
	return len(text), nil
}

func main() {
	s := &store{folder: os.Args[2], lent: map[*os.File]time.Time{}}
	server := &http.Server{Addr: "127.0.0.1:" + os.Args[1], Handler: s, ErrorLog: log.New(errorLines{}, "", 0)}
	go func() {
		for range time.Tick(21 * time.Second) {
			logf("error", "msg=\"resize queue not reached\" err=\"dial tcp 192.0.2.9:5672: connect: network is unreachable\"")
		}
	}()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		logf("info", "msg=\"stopping\" release=%s", release)
		os.Exit(0)
	}()
	logf("info", "msg=\"thumbs is up\" release=%s port=%s", release, os.Args[1])
	if err := server.ListenAndServe(); err != nil {
		logf("fatal", "err=%q", err)
	}
}
