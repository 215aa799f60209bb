{{- define "csms.labels" -}}
app.kubernetes.io/name: ocpp-csms
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "csms.secret" -}}
{{ .Values.existingSecret | default (printf "%s-secret" .Release.Name) }}
{{- end -}}

{{- define "csms.selector" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* What no container may. */}}
{{- define "csms.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}
