// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.FetchRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fetch sessions of one connection (KIP-227). Owned by the connection; they end with it. A client normally has one
 * per connection; when it opens more than {@link #MAX_PER_CONNECTION}, its oldest one is evicted.
 *
 * <pre>
 *  session id   epoch   meaning
 *  0            −1      full fetch without a session
 *  0            0       full fetch, please open a session
 *  n            0       full fetch, close session n, please open a new one
 *  n            −1      full fetch without a session, close session n
 *  n            &gt; 0     incremental fetch in session n
 * </pre>
 */
public final class FetchSessions {
    static final int MAX_PER_CONNECTION = 4;
    static final int MAX_PARTITIONS = 200_000;
    static final int NO_SESSION = 0;
    static final int INITIAL_EPOCH = 0;
    static final int FINAL_EPOCH = -1;

    private static final int FIRST_VERSION_WITH_IDS = 13;

    private final FetchSessionSlots slots;
    private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>();
    private boolean closed;

    FetchSessions(FetchSessionSlots slots) {
        this.slots = slots;
    }

    /** Works out what a request asks for, opening, updating and closing sessions on the way. */
    public FetchPlan plan(FetchRequest request, short version) {
        boolean isFull = request.sessionEpoch() == INITIAL_EPOCH || request.sessionEpoch() == FINAL_EPOCH;
        return isFull ? full(request, version) : incremental(request, version);
    }

    /** The partitions that a request asks for, those included that its session has from earlier ones. Changes nothing. */
    public Set<FetchKey> asked(FetchRequest request) {
        Set<FetchKey> asked = new LinkedHashSet<>();
        FetchSession session = request.sessionEpoch() > INITIAL_EPOCH ? sessions.get(request.sessionId()) : null;
        if (session != null) {
            session.targets().forEach(target -> asked.add(target.key()));
            forgotten(request).forEach(asked::remove);
        }
        targets(request).forEach(target -> asked.add(target.key()));
        return asked;
    }

    /** Sessions that are open. */
    public int size() {
        return sessions.size();
    }

    void close() {
        closed = true;
        sessions.keySet().forEach(id -> slots.giveBack());
        sessions.clear();
    }

    static int nextEpoch(int epoch) {
        if (epoch < 0) {
            return FINAL_EPOCH;
        }
        return epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    private FetchPlan full(FetchRequest request, short version) {
        end(request.sessionId());
        List<FetchTarget> targets = targets(request);
        if (request.sessionEpoch() == FINAL_EPOCH || closed || targets.size() > MAX_PARTITIONS) {
            return FetchPlan.sessionless(targets);
        }
        if (sessions.size() >= MAX_PER_CONNECTION) {
            end(sessions.keySet().iterator().next());
        }
        if (!slots.take()) {
            return FetchPlan.sessionless(targets);
        }
        FetchSession session = new FetchSession(slots.nextId(), version >= FIRST_VERSION_WITH_IDS);
        session.update(targets, List.of());
        sessions.put(session.id(), session);
        return FetchPlan.opening(session);
    }

    private FetchPlan incremental(FetchRequest request, short version) {
        FetchSession session = sessions.get(request.sessionId());
        if (session == null) {
            return FetchPlan.refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.usesTopicIds() != (version >= FIRST_VERSION_WITH_IDS)) {
            return FetchPlan.refused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        if (session.epoch() != request.sessionEpoch()) {
            return FetchPlan.refused(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        }
        session.update(targets(request), forgotten(request));
        if (session.size() == 0) {
            end(session.id());
            return FetchPlan.sessionless(List.of());
        }
        if (session.size() > MAX_PARTITIONS) {
            end(session.id());
            return FetchPlan.refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        session.advanceEpoch();
        return FetchPlan.goingOn(session);
    }

    private void end(int id) {
        if (sessions.remove(id) != null) {
            slots.giveBack();
        }
    }

    private static List<FetchTarget> targets(FetchRequest request) {
        List<FetchTarget> targets = new ArrayList<>();
        for (FetchRequest.FetchTopic topic : request.topics()) {
            for (FetchRequest.FetchPartition partition : topic.partitions()) {
                targets.add(new FetchTarget(
                        new FetchKey(topic.topic(), topic.topicId(), partition.partition()),
                        partition.fetchOffset(),
                        partition.partitionMaxBytes(),
                        partition.currentLeaderEpoch(),
                        partition.lastFetchedEpoch()));
            }
        }
        return targets;
    }

    private static List<FetchKey> forgotten(FetchRequest request) {
        List<FetchKey> forgotten = new ArrayList<>(0);
        for (FetchRequest.ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                forgotten.add(new FetchKey(topic.topic(), topic.topicId(), partition));
            }
        }
        return forgotten;
    }
}
