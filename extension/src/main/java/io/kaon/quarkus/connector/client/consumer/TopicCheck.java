// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.TopicDirectory;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Looks again and again which topics there are, sooner while one is missing. Owned by the thread that polls. */
final class TopicCheck {
    private static final long CHECK_MS = 1_000;
    private static final long MISSING_TOPIC_CHECK_MS = 50;

    private final TopicDirectory directory;
    private final Runnable bell;
    private Optional<CompletableFuture<TopicDirectory.Topics>> underWay = Optional.empty();
    private Deadline next = Deadline.inMs(0);
    private boolean isMissing;

    /** @param bell wakes the thread that polls when there is an answer */
    TopicCheck(TopicDirectory directory, Runnable bell) {
        this.directory = directory;
        this.bell = bell;
    }

    /** Something has changed that a check should see. */
    void soon() {
        next = Deadline.inMs(0);
    }

    /** Whether one of the topics that were looked for was not there. */
    boolean isMissing() {
        return isMissing;
    }

    /**
     * Asks when it is time, without waiting.
     *
     * @param wanted by name; empty for all topics
     * @return the answer, once
     */
    Optional<TopicDirectory.Topics> progress(Optional<Set<String>> wanted) {
        if (underWay.isEmpty() && next.hasPassed()) {
            next = Deadline.inMs(isMissing ? MISSING_TOPIC_CHECK_MS : Math.min(CHECK_MS, directory.maxAgeMs()));
            underWay = Optional.of(wanted.map(directory::lookUp).orElseGet(directory::all));
            underWay.get().whenComplete((topics, failure) -> bell.run());
        }
        if (underWay.filter(CompletableFuture::isDone).isEmpty()) {
            return Optional.empty();
        }
        CompletableFuture<TopicDirectory.Topics> check = underWay.get();
        underWay = Optional.empty();
        if (check.isCompletedExceptionally()) {
            return Optional.empty();
        }
        TopicDirectory.Topics found = check.join();
        isMissing = wanted.stream().flatMap(Set::stream).anyMatch(name -> found.partitionCount(name) == 0);
        return Optional.of(found);
    }
}
