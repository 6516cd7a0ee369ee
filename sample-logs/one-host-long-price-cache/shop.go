// SPDX-License-Identifier: Apache-2.0

// Shop is one host of a shop: prices come from Redis by a cache of its own, orders go to the checkout.
// Usage: shop HOST PORT REDIS_PORT CHECKOUT_PORT SETTINGS RELEASE
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gomodule/redigo/redis"
)

var host = os.Args[1]

type settings struct {
	Pool      int
	Price_ttl string
	Locale    string
}

type entry struct {
	price string
	at    time.Time
}

type priceCache struct {
	ttl   time.Duration
	redis *redis.Pool
	mutex sync.Mutex
	known map[string]entry
}

type shop struct {
	prices   *priceCache
	client   *http.Client
	checkout string
}

func say(level, format string, values ...any) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00")
	fmt.Printf("ts=%s host=%s lvl=%s msg=%q\n", now, host, level, fmt.Sprintf(format, values...))
}

func (c *priceCache) of(item string) (string, error) {
	c.mutex.Lock()
	found, ok := c.known[item]
	c.mutex.Unlock()
	if ok && time.Since(found.at) < c.ttl {
		return found.price, nil
	}
	conn := c.redis.Get()
	defer conn.Close()
	price, err := redis.String(conn.Do("HGET", "prices", item))
	if err == nil {
		c.mutex.Lock()
		c.known[item] = entry{price, time.Now()}
		c.mutex.Unlock()
	}
	return price, err
}

// The status that the checkout answers.
func (s *shop) buy(item, price string) int {
	answer, err := s.client.Post(fmt.Sprintf("http://127.0.0.1:%s/take/%s/%s", s.checkout, item, price), "text/plain", nil)
	if err != nil {
		return http.StatusBadGateway
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if answer.StatusCode >= 400 {
		say("error", "checkout refused item %s with %d", item, answer.StatusCode)
	}
	return answer.StatusCode
}

func (s *shop) status(path string) int {
	if path == "/health" {
		return http.StatusOK
	}
	parts := strings.Split(path, "/")
	if len(parts) < 3 || parts[1] != "item" && parts[1] != "buy" {
		return http.StatusNotFound
	}
	item := parts[2]
	price, err := s.prices.of(item)
	if err != nil {
		say("warn", "no price for %s: %v", item, err)
		return http.StatusNotFound
	}
	if parts[1] == "buy" {
		return s.buy(item, price)
	}
	if rand.Intn(90) == 0 {
		say("error", "picture of item %s has no thumbnail", item)
	}
	return http.StatusOK
}

func main() {
	port, redisPort, checkout, path, release := os.Args[2], os.Args[3], os.Args[4], os.Args[5], os.Args[6]
	var s settings
	data, _ := os.ReadFile(path)
	if err := json.Unmarshal(data, &s); err != nil {
		say("fatal", "settings: %v", err)
		os.Exit(1)
	}
	ttl, _ := time.ParseDuration(s.Price_ttl)
	say("info", "loaded config release=%s pool=%d price_ttl=%s locale=%s", release, s.Pool, ttl, s.Locale)
	dial := func() (redis.Conn, error) { return redis.Dial("tcp", "127.0.0.1:"+redisPort) }
	pool := &redis.Pool{MaxActive: s.Pool, MaxIdle: s.Pool, Wait: true, Dial: dial}
	this := &shop{
		prices:   &priceCache{ttl: ttl, redis: pool, known: map[string]entry{}},
		client:   &http.Client{Timeout: 5 * time.Second},
		checkout: checkout,
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		status := this.status(r.URL.Path)
		w.WriteHeader(status)
		say("info", "%s %s %d %dus", r.Method, r.URL.Path, status, time.Since(begun).Microseconds())
	})
	http.ListenAndServe("127.0.0.1:"+port, nil)
}
