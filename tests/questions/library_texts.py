"""Library files for tests: one of each kind, in the canonical spelling."""

import struct
import zlib

SET = """\
---
kind: question-set
schema: 1
id: k8s-kube-proxy
title: kube-proxy
summary: What kube-proxy does on a node, and what keeps working without it.
topics: [kubernetes, networking]
level: intermediate
license: CC-BY-4.0
checked:
  against: Kubernetes 1.36
  on: 2026-11-20
sources:
  - title: Virtual IPs and Service Proxies
    url: https://kubernetes.io/docs/reference/networking/virtual-ips/
series: {name: "Daily", number: 1.30}
authors:
  - Ada  # the first
  - Grace
---

Five questions on the node agent that makes Services reachable.

## Does Service traffic pass through the kube-proxy process?

<!-- q
id: traffic-path
difficulty: 2
topics: [data-plane]
minutes: 3
-->

### Key points

- No: kube-proxy programs the kernel; packets never enter the process. {#no-traffic weight=2}
- The rewrite to a Pod address (DNAT) happens in netfilter. {#kernel story=eks-external-snat-reset}
- The old userspace mode did copy traffic; it was removed in 1.26.

### Answer

kube-proxy is a controller. It watches Services and writes
rules.

#### Modes

| Mode | Lookup |
| --- | --- |
| `iptables` | walks rules |

```console
$ kubectl -n kube-system get configmap kube-proxy -o yaml
## this line is inside a fence, so it is not a question
### nor is this one a section
```

A client inside the Pod still talks to `<service>:<port>`.

### Follow-ups

- What does kube-proxy itself answer on its health port?
- How would you run a node without it?

### Sources

- [kube-proxy modes](https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-modes)

## Which control-plane component does kube-proxy talk to?

<!-- q
id: control-plane-peer
difficulty: 1
-->

Choose from etcd, the API server and the scheduler.

### Key points

- Only the API server; it opens watches there. {#api-server weight=2}
- etcd is reached by the API server alone. {#etcd}
"""

STORY = """\
---
kind: story
schema: 1
id: eks-external-snat-reset
title: A CNI upgrade put a setting back to its default and cut off Redis clients
topics: [kubernetes, networking]
technologies: [EKS, Amazon VPC CNI, "a, b"]
license: CC-BY-4.0
sources:
  - title: "Kubernetes Upgrade Failure Story: Learn Steps"
    url: https://www.learnsteps.com/kubernetes-upgrade-failure-story/
related_questions: [k8s-kube-proxy/traffic-path]
---

## Summary

Clients of Redis were cut off.

## What happened

First the upgrade.

### Later

Then the rest.

## Cause

A default.

## Impact

Minutes of errors.

## Fix

Setting it again.

## Lessons

- Keep settings in one place.

## Discuss

- Which check would have caught this before the rollout reached every node?
"""

NOTE = """\
---
kind: note
schema: 1
id: k8s-pod-networking
title: How Pods reach each other
topics: [kubernetes, networking]
license: CC-BY-4.0
sources:
  - title: Cluster Networking
    url: https://kubernetes.io/docs/concepts/cluster-administration/networking/
related_questions: [k8s-kube-proxy/traffic-path]
---

Every Pod has its own address.

# Any heading

goes in a note; see [the set](../sets/k8s-kube-proxy.md#traffic-path).
"""

TOPICS = """\
kubernetes: Kubernetes
networking: Networking
data-plane: Data plane
"""

SET_FILE = "sets/k8s-kube-proxy.md"
STORY_FILE = "stories/eks-external-snat-reset.md"
NOTE_FILE = "notes/k8s-pod-networking.md"
FILES = {"topics.yaml": TOPICS, SET_FILE: SET, STORY_FILE: STORY, NOTE_FILE: NOTE}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# A picture of one pixel.
DOT = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
