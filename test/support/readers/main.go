// Asks the programs' own parsers what they make of texts. One question in JSON a line on stdin, one answer a line on stdout.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
	_ "time/tzdata"

	"github.com/alecthomas/units"
	gocron "github.com/netresearch/go-cron"
	"github.com/prometheus/common/model"
	robfig "github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/api/resource"
)

type question struct {
	Reader string `json:"reader"`
	Text   string `json:"text"`
	// Seconds since 1970 from which a schedule's next runs are asked for.
	From int64 `json:"from"`
}

type answer struct {
	Taken bool   `json:"taken"`
	Value string `json:"value"`
	// Next runs, seconds since 1970; none where the parser finds none.
	Runs  []int64 `json:"runs"`
	Error string  `json:"error"`
}

type schedule interface{ Next(time.Time) time.Time }

func runs(of schedule, from int64) (list []int64) {
	at := time.Unix(from, 0).UTC()
	for range 4 {
		if at = of.Next(at); at.IsZero() {
			return
		}
		list = append(list, at.Unix())
	}
	return
}

func read(q question) (value string, list []int64, err error) {
	// Velero takes a panic of the parser for a refusal too.
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%v", reason)
		}
	}()
	switch q.Reader {
	case "cron":
		parsed, failure := gocron.ParseStandard(q.Text)
		if failure != nil {
			return "", nil, failure
		}
		return "", runs(parsed, q.From), nil
	case "earlierCron":
		parsed, failure := robfig.ParseStandard(q.Text)
		if failure != nil {
			return "", nil, failure
		}
		return "", runs(parsed, q.From), nil
	case "goDuration":
		parsed, failure := time.ParseDuration(q.Text)
		return strconv.FormatInt(int64(parsed), 10), nil, failure
	case "prometheusDuration":
		parsed, failure := model.ParseDuration(q.Text)
		return strconv.FormatInt(int64(time.Duration(parsed)/time.Millisecond), 10), nil, failure
	case "quantity":
		parsed, failure := resource.ParseQuantity(q.Text)
		return strconv.FormatFloat(parsed.AsApproximateFloat64(), 'g', -1, 64), nil, failure
	case "prometheusBytes":
		parsed, failure := units.ParseBase2Bytes(q.Text)
		return strconv.FormatInt(int64(parsed), 10), nil, failure
	}
	panic("no reader is called " + q.Reader)
}

func main() {
	time.Local = time.UTC
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			panic(err)
		}
		value, list, err := read(q)
		a := answer{Taken: err == nil, Value: value, Runs: list}
		if err != nil {
			a.Error = err.Error()
		}
		if err := json.NewEncoder(out).Encode(a); err != nil {
			panic(err)
		}
	}
}
