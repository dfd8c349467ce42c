"""A list that lost its numbers at the seams, a story and notes: in the manner of the first seed."""

from tests.questions.importing.reading_files import prompts, read, sizes

SEED = """\
1. When is iptables too slow? iptables or IPVS
2. Who checks the health of containers?
3. What is an overlay network?
. What is the difference between a CSI and a CNI?
2. What is the naming convention of APIs?
3. Can an operator exec in one of your pods?
4.  Which capability controls resources? Like 1GB of memory.
2. Which capability isolates processes?
3. How can you attach a pod to a service?
4. Kubernetes Questions: Kubectl commands

This is the 9th set of questions. This time it is theme based.

1. Which command lists the pods of a deployment?
2. How can you look at events?
3. Does traffic pass through kube-proxy?
2. What happens when kube-proxy is down ?


# Kubernetes Failure Story.

How an upgrade caused havoc.

https://example.com/upgrade-failure-story/ 

![image](https://example.com/picture)


#How Pods Communicate with Each Other:

- Because each pod has an IP.

# How Pods Communicate with Services
- Services group pods.

# Network
===================
- iptables: rules trap access.
userspace: opens a port.
ipvs: calls netlink.
"""


def test_the_seams_of_the_sets_are_found_where_the_next_number_is_2() -> None:
    reading = read(SEED, "seed.txt")
    assert sizes(reading) == [3, 3, 3, 2, 2]
    assert [tuple(found.lines) for found in reading.sets] == [
        (1, 3),
        (4, 6),
        (7, 9),
        (10, 15),
        (16, 17),
    ]


def test_prompts_are_word_for_word_without_number_stray_dot_and_extra_blanks() -> None:
    found = prompts(read(SEED, "seed.txt"))
    assert found[0] == "When is iptables too slow? iptables or IPVS"
    assert found[3] == "What is the difference between a CSI and a CNI?"
    assert found[6] == "Which capability controls resources? Like 1GB of memory."
    assert found[-1] == "What happens when kube-proxy is down ?"


def test_a_last_item_that_does_not_ask_is_the_title_of_the_next_set() -> None:
    found = read(SEED, "seed.txt").sets[3]
    assert found.title == "Kubernetes Questions: Kubectl commands"
    assert found.description == "This is the 9th set of questions. This time it is theme based."


def test_the_story_and_the_notes_below_are_read() -> None:
    reading = read(SEED, "seed.txt")
    [story] = reading.stories
    assert story.title == "Kubernetes Failure Story."
    assert story.url == "https://example.com/upgrade-failure-story/"
    assert "![image](https://example.com/picture)" in story.body
    assert [note.title for note in reading.notes] == [
        "How Pods Communicate with Each Other",
        "How Pods Communicate with Services",
        "Network",
    ]
    assert reading.notes[2].body == "\n".join(SEED.split("\n")[-4:-1])
    assert not reading.problems
