// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.server.RequestContext;
import io.kaon.server.RequestFilter;
import io.kaon.server.TopicName;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Says which requests a fault strikes, then what it does to them; the latter sets it. Without {@link #requests}, all but
 * ApiVersions. The requests of {@link KaonClient} are spared, so that a test can look on, unless {@link #forClient} names
 * them. Used by one thread.
 */
public final class FaultBuilder {
    private final Faults faults;
    private final int limit;
    private final StringBuilder description;
    private final Set<ApiKey> apis = EnumSet.complementOf(EnumSet.of(ApiKey.API_VERSIONS));
    private boolean isAnyApi = true;
    private BiPredicate<RequestContext, ApiMessage> isMeant = (context, request) -> true;
    private Predicate<TopicName> topics = topic -> true;
    private Predicate<String> clients = clientId -> !clientId.startsWith(Connection.CLIENT_ID_PREFIX);

    FaultBuilder(Faults faults, int limit) {
        this.faults = faults;
        this.limit = limit;
        this.description =
                new StringBuilder(limit == Integer.MAX_VALUE ? "every request" : "the next " + limit + " requests");
    }

    /** Only requests of these apis. */
    public FaultBuilder requests(ApiKey... only) {
        apis.clear();
        apis.addAll(Arrays.asList(only));
        isAnyApi = false;
        description.append(" of ").append(apis);
        return this;
    }

    /**
     * Only requests that name this topic. An error for a Produce or Fetch strikes this topic alone; in other requests it
     * strikes all that they name.
     *
     * @throws IllegalArgumentException when requests of the chosen apis name no topics
     */
    public FaultBuilder forTopic(String topic) {
        requireSubject("topics", RequestSubjects.nameTopics(apis));
        topics = name -> topic.equals(name.id().equals(Uuid.ZERO) ? name.name() : faults.nameOf(name.id()));
        return meant(" for topic " + topic, (context, request) -> RequestSubjects.topicsOf(context, request)
                .anyMatch(topics));
    }

    /** Only requests that name this group. */
    public FaultBuilder forGroup(String groupId) {
        requireSubject("groups", RequestSubjects.nameGroups(apis));
        return meant(" for group " + groupId, (context, request) -> RequestSubjects.groupsOf(context.api(), request)
                .anyMatch(groupId::equals));
    }

    /** Only requests that name this transactional id. */
    public FaultBuilder forTransactionalId(String transactionalId) {
        requireSubject("transactional ids", RequestSubjects.nameTransactionalIds(apis));
        return meant(
                " for transactional id " + transactionalId,
                (context, request) -> RequestSubjects.transactionalIdsOf(context.api(), request)
                        .anyMatch(transactionalId::equals));
    }

    /** Only requests of clients with this {@code client.id}. */
    public FaultBuilder forClient(String clientId) {
        clients = clientId::equals;
        description.append(" of client ").append(clientId);
        return this;
    }

    /** They are answered with an error and have no effect. */
    public Fault failWith(ErrorCode error) {
        return set(" fails with " + error, () -> new RequestFilter.Fail(error, topics));
    }

    /** They have no effect and no answer: the connection is closed. */
    public Fault disconnect() {
        return set(" is cut off", RequestFilter.Disconnect::new);
    }

    /**
     * They are served, but the answer is lost: the connection is closed instead. The classic way to duplicates, where a
     * client that is not idempotent tries again.
     */
    public Fault dropResponse() {
        return set(" loses its response", RequestFilter.LoseAnswer::new);
    }

    /**
     * They are served at once, but the answer takes so much longer, and on a TCP connection the answers behind it: a slow
     * broker or network.
     */
    public Fault delay(Duration time) {
        return set(
                " is answered " + time.toMillis() + " ms late",
                () -> new RequestFilter.Hold(
                        CompletableFuture.runAsync(
                                () -> {}, CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS)),
                        new RequestFilter.Pass()));
    }

    /** They are served at once, but the answers leave when the test says {@link Fault#release}. */
    public Fault hold() {
        CompletableFuture<Void> released = new CompletableFuture<>();
        description.append(" is held");
        return faults.add(new Fault(faults, description.toString(), limit, condition(), new Fault.Effect() {
            @Override
            public RequestFilter.Verdict verdict() {
                return new RequestFilter.Hold(released, new RequestFilter.Pass());
            }

            @Override
            public void release() {
                released.complete(null);
            }
        }));
    }

    private Fault set(String what, Fault.Effect effect) {
        description.append(what);
        return faults.add(new Fault(faults, description.toString(), limit, condition(), effect));
    }

    private BiPredicate<RequestContext, ApiMessage> condition() {
        Set<ApiKey> only = EnumSet.copyOf(apis);
        Predicate<String> client = clients;
        BiPredicate<RequestContext, ApiMessage> meant = isMeant;
        return (context, request) ->
                only.contains(context.api()) && client.test(context.clientId()) && meant.test(context, request);
    }

    private FaultBuilder meant(String what, BiPredicate<RequestContext, ApiMessage> condition) {
        description.append(what);
        isMeant = isMeant.and(condition);
        return this;
    }

    private void requireSubject(String subject, boolean isThere) {
        if (!isAnyApi && !isThere) {
            throw new IllegalArgumentException("Not all requests of " + List.copyOf(apis) + " name " + subject);
        }
    }
}
