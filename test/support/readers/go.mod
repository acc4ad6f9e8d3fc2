module onprem.local/test/support/readers

go 1.26.6

require (
	github.com/alecthomas/units v0.0.0-20240927000941-0f3dac36c52b
	github.com/netresearch/go-cron v0.15.0
	github.com/prometheus/common v0.67.5
	github.com/robfig/cron/v3 v3.0.1
	k8s.io/apimachinery v0.35.8
)

require (
	github.com/fxamacker/cbor/v2 v2.9.0 // indirect
	github.com/kr/pretty v0.3.1 // indirect
	github.com/prometheus/client_model v0.6.2 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	go.yaml.in/yaml/v2 v2.4.3 // indirect
	google.golang.org/protobuf v1.36.12-0.20260120151049-f2248ac996af // indirect
	gopkg.in/inf.v0 v0.9.1 // indirect
	sigs.k8s.io/json v0.0.0-20250730193827-2d320260d730 // indirect
)
