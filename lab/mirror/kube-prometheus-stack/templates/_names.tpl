{{- define "stack.name" -}}
{{ .Values.fullnameOverride | default .Release.Name }}
{{- end }}

{{/* Labels of everything; `part` names the program. */}}
{{- define "stack.labels" -}}
app.kubernetes.io/name: {{ .part }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "stack.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
imagePullPolicy: IfNotPresent
{{- end }}

{{- define "stack.pod" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 65534
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
