{{/* What objects are called, and what they belong to. Takes (list . NAME). */}}
{{- define "sclip.metadata" -}}
name: {{ index . 1 }}
namespace: {{ (index . 0).Release.Namespace }}
labels:
  app.kubernetes.io/part-of: sclip
{{- end }}

{{/* The same with the label that selectors look for. Takes (list . NAME). */}}
{{- define "sclip.named" -}}
{{ include "sclip.metadata" . }}
  app.kubernetes.io/name: {{ index . 1 }}
{{- end }}

{{/* Metadata of a pod, which is replaced when settings change. Takes (list . NAME SAFE-TO-EVICT). */}}
{{- define "sclip.pod" -}}
{{- $root := index . 0 -}}
labels:
  app.kubernetes.io/name: {{ index . 1 }}
  app.kubernetes.io/part-of: sclip
  {{- if $root.Values.store.azureIdentity }}
  azure.workload.identity/use: "true"
  {{- end }}
annotations:
  cluster-autoscaler.kubernetes.io/safe-to-evict: {{ index . 2 | quote }}
  checksum/config: {{ include (print $root.Template.BasePath "/config.yaml") $root | sha256sum }}
{{- end }}

{{/* An image of ours, and when it is pulled. Takes (list . TARGET). */}}
{{- define "sclip.image" -}}
{{- $image := (index . 0).Values.image -}}
image: {{ trimSuffix "/" $image.registry }}/{{ index . 1 }}:{{ $image.tag | default (index . 0).Chart.AppVersion }}
{{- with $image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- end }}

{{- define "sclip.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "sclip.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Spread over nodes and zones. Takes NAME. */}}
{{- define "sclip.spread" -}}
{{- $name := . -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      app.kubernetes.io/name: {{ $name }}
{{- end }}
{{- end }}

{{/* A variable whose value is a secret's. Takes (list VARIABLE SECRET KEY OPTIONAL). */}}
{{- define "sclip.secret" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ index . 1 }}
      key: {{ index . 2 }}
      {{- if index . 3 }}
      optional: true
      {{- end }}
{{- end }}

{{- define "sclip.store" -}}
{{ include "sclip.secret" (list "SCLIP_STORE__CONNECTION" .Values.store.secret "connection" true) }}
{{ include "sclip.secret" (list "SCLIP_STORE__ACCOUNT" .Values.store.secret "account" true) }}
{{- end }}

{{- define "sclip.broker" -}}
{{- if .Values.broker.operator -}}
{{ include "sclip.secret" (list "SCLIP_BROKER__URI" "rabbitmq-default-user" "connection_string" false) }}
{{- else -}}
{{ include "sclip.secret" (list "SCLIP_BROKER__URI" .Values.broker.secret "uri" false) }}
{{- end }}
{{- end }}

{{/* The init container that pulls the model. Takes (list . NAME). */}}
{{- define "sclip.model" -}}
- name: {{ index . 1 }}
  {{- include "sclip.image" (list (index . 0) "cli") | nindent 2 }}
  args: [model, pull, $(SCLIP_WORKER__PRELOAD)]
  envFrom:
    - configMapRef:
        name: sclip-worker-config
  env:
    - name: SCLIP_CACHE
      value: /models
    {{- include "sclip.secret" (list "HF_TOKEN" (index . 0).Values.hub.secret "token" true) | nindent 4 }}
  resources:
    requests:
      cpu: 100m
      memory: 256Mi
    limits:
      memory: 512Mi
  securityContext:
    {{- include "sclip.containerSecurity" . | nindent 4 }}
  volumeMounts:
    - name: models
      mountPath: /models
    - name: tmp
      mountPath: /tmp
{{- end }}

{{/* A probe. Takes (list PATH PERIOD TIMEOUT FAILURES). */}}
{{- define "sclip.probe" -}}
httpGet:
  path: {{ index . 0 }}
  port: http
periodSeconds: {{ index . 1 }}
timeoutSeconds: {{ index . 2 }}
failureThreshold: {{ index . 3 }}
{{- end }}

{{- define "sclip.config" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "sclip.metadata" . | nindent 2 }}
data:
  {{- range $key, $value := index . 2 }}
  {{ $key }}: {{ $value | toString | quote }}
  {{- end }}
{{- end }}

{{/* The objects of a manifest that no value changes, as they are. Takes (list . FILE). */}}
{{- define "sclip.manifest" -}}
{{- $root := index . 0 -}}
{{- $text := $root.Files.Get (printf "files/%s" (index . 1)) | required (printf "files/%s is missing: take the chart with the folders beside it." (index . 1)) -}}
{{- $belongs := dict "app.kubernetes.io/part-of" "sclip" -}}
{{- range regexSplit "(?m)^---$" $text -1 }}
{{- $object := fromYaml . }}
{{- $_ := set $object.metadata "namespace" $root.Release.Namespace }}
{{- $_ := set $object.metadata "labels" (merge (dict) $belongs ($object.metadata.labels | default dict)) }}
{{- if eq $object.kind "Deployment" }}
{{- $_ := merge $object.spec.template.metadata.labels $belongs }}
{{- range $object.spec.template.spec.containers }}
{{- if $root.Values.image.pullPolicy }}
{{- $_ := set . "imagePullPolicy" $root.Values.image.pullPolicy }}
{{- end }}
{{- end }}
{{- end }}
---
{{ toYaml $object }}
{{- end }}
{{- end }}
