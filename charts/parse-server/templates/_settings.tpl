{{- /* settings.json: every option of Parse Server that is not secret. */ -}}
{{- define "parse.settings" -}}
{{- $server := .Values.server }}
{{- $database := .Values.database }}
{{- $options := dict
      "mountPath" $server.mountPath
      "port" 1337
      "serverURL" (printf "http://localhost:1337%s" $server.mountPath)
      "publicServerURL" (default (include "parse.internalUrl" .) $server.publicUrl)
      "masterKeyIps" (concat (list "127.0.0.1" "::1") $server.masterKeyAllowedRanges | uniq)
      "maintenanceKeyIps" (list "127.0.0.1" "::1")
      "allowClientClassCreation" $server.allowClientClassCreation
      "sessionLength" $server.sessionLengthSeconds
      "logLevel" $server.logLevel
      "logsFolder" nil
      "jsonLogs" true }}
{{- if $server.trustProxyHops }}{{ $_ := set $options "trustProxy" $server.trustProxyHops }}{{ end }}
{{- $connection := dict "kind" $database.kind "name" $database.name "user" $database.user }}
{{- /* Each replica keeps its own copy of the schema. Hooks update it when another replica changes the schema; the limit of
       its age (milliseconds) covers a lost notification. */ -}}
{{- $databaseOptions := dict "enableSchemaHooks" true "schemaCacheTtl" 5000 }}
{{- $parameters := dict }}
{{- if eq $database.kind "mongodb" }}
{{- $_ := set $connection "hosts" (include "parse.mongodbMembers" . | fromJsonArray) }}
{{- $parameters = dict "replicaSet" "parse" "authSource" $database.name "w" "majority" "retryWrites" "true" }}
{{- else if eq $database.kind "postgresql" }}
{{- $_ := set $connection "hosts" (list (printf "%s.%s.svc.%s:5432" (include "parse.databaseName" .) .Release.Namespace .Values.clusterDomain)) }}
{{- $parameters = dict "application_name" "parse-server" "keepAlive" "true" }}
{{- else }}
{{- if eq $database.external.engine "mongodb" }}
{{- with $database.external.caSecret }}{{ $parameters = dict "tls" "true" "tlsCAFile" "/parse-secrets/databaseCa/value" }}{{ end }}
{{- else }}
{{- with $database.external.caSecret }}{{ $parameters = dict "ssl" "true" "ca" "/parse-secrets/databaseCa/value" "rejectUnauthorized" "true" }}{{ end }}
{{- end }}
{{- end }}
{{- $_ := set $connection "parameters" $parameters }}
{{- $_ := set $connection "options" $databaseOptions }}
{{- $secretOptions := concat (list "appId" "masterKey") (keys .Values.secrets.options | sortAlpha) }}
{{- $lifecycle := dict
      "readinessPath" "/ready"
      "readinessTimeoutMilliseconds" 3000
      "keepAliveMilliseconds" 75000
      "closeIdleAfterMilliseconds" (mul $server.terminationDrainSeconds 700)
      "quietMilliseconds" 5000
      "longestHoldMilliseconds" 20000 }}
{{- $metrics := dict "path" "/metrics" "uncountedPaths" (list "/metrics" "/ready" (printf "%s/health" $server.mountPath)) }}
{{- dict "server" $options "options" $server.options "database" $connection "secretOptions" $secretOptions "lifecycle" $lifecycle "metrics" $metrics | toPrettyJson }}
{{- end }}

{{- /* What the ConfigMap of Parse Server holds. Pods are replaced when this changes, not when the chart's version does. */ -}}
{{- define "parse.serverFiles" -}}
settings.json: |
  {{- include "parse.settings" . | nindent 2 }}
{{ (.Files.Glob "files/server/*.js").AsConfig }}
{{- end }}
