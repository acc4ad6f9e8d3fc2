/**
 * The CA certificate of a stand-in cluster that leads nowhere: clients can read it, and nothing is signed by it, since its
 * key was never kept. It was made once with `openssl req -x509`, valid until 2126.
 */
export const standInCertificate = `-----BEGIN CERTIFICATE-----
MIIB4DCCAYegAwIBAgIUPRpOPn8nFJyTCTMNb8emtlxI3eIwCgYIKoZIzj0EAwIw
RTFDMEEGA1UEAww6c3RhbmQtaW4gZm9yIGEgR0tFIGNsdXN0ZXIncyBhdXRob3Jp
dHksIHRydXN0ZWQgYnkgbm90aGluZzAgFw0yNjExMjUwMjU5NDBaGA8yMTI2MTEw
MTAyNTk0MFowRTFDMEEGA1UEAww6c3RhbmQtaW4gZm9yIGEgR0tFIGNsdXN0ZXIn
cyBhdXRob3JpdHksIHRydXN0ZWQgYnkgbm90aGluZzBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABMxFYD81oUh8pJDGQBQag2jzJGyoBKgJMbQqkwYcCjDhfEpUPuvn
+X+8MeWnfMH98BPUokhAwF6iu/visd0F96ujUzBRMB0GA1UdDgQWBBRn5A3B4+iQ
6uxLUccWVNvmME0YYDAfBgNVHSMEGDAWgBRn5A3B4+iQ6uxLUccWVNvmME0YYDAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIBDe+9kpsVbZkJ9Xb7jA
c4Z5ahL6r9hK00h6fH+6m59YAiBeM64+rKPyiiVc2oln8V27DAe8rK2KFwTK2MEV
jJG7yw==
-----END CERTIFICATE-----
`;
