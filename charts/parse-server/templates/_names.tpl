{{- define "parse.name" -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- end }}
{{- define "parse.databaseName" -}}{{ include "parse.name" . }}-{{ .Values.database.kind }}{{- end }}

{{- define "parse.selector" -}}
app.kubernetes.io/name: parse-server
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "parse.labels" -}}
{{ include "parse.selector" . }}
app.kubernetes.io/part-of: onprem-platform
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- /* Flux adds the commit to the version, after a plus sign, which no label may have. */}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 }}
{{- with .root.Values.customer }}
onprem.platform/customer: {{ . }}
{{- end }}
{{- end }}

{{- /* Without the chart's version: a new version alone must not restart a database. */ -}}
{{- define "parse.podLabels" -}}
{{ include "parse.selector" . }}
app.kubernetes.io/part-of: onprem-platform
{{- with .root.Values.customer }}
onprem.platform/customer: {{ . }}
{{- end }}
{{- end }}

{{- define "parse.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "parse.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* One volume a secret: name of the volume → name of the Secret. */ -}}
{{- define "parse.secretVolumes" -}}
{{- range $name, $secret := . }}
- name: secret-{{ $name | kebabcase }}
  secret:
    secretName: {{ $secret }}
    defaultMode: 0440
    items: [{ key: value, path: value }]
{{- end }}
{{- end }}

{{- define "parse.secretMounts" -}}
{{- $folder := .folder }}
{{- range $name, $secret := .secrets }}
- name: secret-{{ $name | kebabcase }}
  mountPath: {{ $folder }}/{{ $name }}
  readOnly: true
{{- end }}
{{- end }}

{{- /* The secrets Parse Server reads, as JSON: volume name → Secret. */ -}}
{{- define "parse.serverSecrets" -}}
{{- $secrets := dict "appId" .Values.secrets.applicationId "masterKey" .Values.secrets.masterKey }}
{{- range $option, $secret := .Values.secrets.options }}{{ $_ := set $secrets $option $secret }}{{ end }}
{{- if eq .Values.database.kind "external" }}
{{- $_ := set $secrets "databaseUri" .Values.database.external.uriSecret }}
{{- with .Values.database.external.caSecret }}{{ $_ := set $secrets "databaseCa" . }}{{ end }}
{{- else }}
{{- $_ := set $secrets "databasePassword" .Values.database.passwordSecret }}
{{- end }}
{{- toJson $secrets }}
{{- end }}

{{- /* The members of the MongoDB replica set, as JSON. */ -}}
{{- define "parse.mongodbMembers" -}}
{{- $members := list }}
{{- $name := include "parse.databaseName" . }}
{{- range $ordinal := until (int .Values.database.mongodb.members) }}
{{- $members = append $members (printf "%s-%d.%s.%s.svc.%s:27017" $name $ordinal $name $.Release.Namespace $.Values.clusterDomain) }}
{{- end }}
{{- toJson $members }}
{{- end }}

{{- define "parse.internalUrl" -}}
http://{{ include "parse.name" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}:1337{{ .Values.server.mountPath }}
{{- end }}

{{- /* Common to every pod: no API token, no variables of Services, pull secrets, priority. */ -}}
{{- define "parse.scheduling" -}}
automountServiceAccountToken: false
# The Service parse-server would add PARSE_SERVER_… variables, which Parse Server reads as options.
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- /* Commands that Velero runs in a pod before and after it copies its volumes. A command that fails makes the backup PartiallyFailed,
also where on-error is Continue: Velero counts what it logs as an error (internal/hook/item_hook_handler.go and
pkg/controller/backup_controller.go of v1.18). */}}
{{- define "parse.backupHooks" -}}
pre.hook.backup.velero.io/container: {{ .container }}
pre.hook.backup.velero.io/command: {{ .before | toJson | quote }}
pre.hook.backup.velero.io/on-error: Fail
pre.hook.backup.velero.io/timeout: {{ .timeout | quote }}
post.hook.backup.velero.io/container: {{ .container }}
post.hook.backup.velero.io/command: {{ .after | toJson | quote }}
post.hook.backup.velero.io/on-error: Continue
post.hook.backup.velero.io/timeout: 5m
{{- end }}

{{- /* Velero's time-outs, for the scripts that it runs: files of a ConfigMap. */}}
{{- define "parse.copyTimeouts" -}}
hook-seconds: {{ .Values.database.copyTimeouts.hookSeconds | int64 | quote }}
copy-seconds: {{ .Values.database.copyTimeouts.copySeconds | int64 | quote }}
{{- end }}
