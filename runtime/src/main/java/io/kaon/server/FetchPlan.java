// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.FetchResponse;
import java.util.List;
import java.util.Optional;

/**
 * What one fetch reads and how its response relates to a session. Owned by the connection, until the response is built.
 */
public final class FetchPlan {
    private final ErrorCode error;
    private final List<FetchTarget> targets;
    private final Optional<FetchSession> session;
    private final boolean incremental;

    private FetchPlan(ErrorCode error, List<FetchTarget> targets, Optional<FetchSession> session, boolean incremental) {
        this.error = error;
        this.targets = targets;
        this.session = session;
        this.incremental = incremental;
    }

    static FetchPlan refused(ErrorCode error) {
        return new FetchPlan(error, List.of(), Optional.empty(), false);
    }

    static FetchPlan sessionless(List<FetchTarget> targets) {
        return new FetchPlan(ErrorCode.NONE, targets, Optional.empty(), false);
    }

    static FetchPlan opening(FetchSession session) {
        return new FetchPlan(ErrorCode.NONE, session.targets(), Optional.of(session), false);
    }

    static FetchPlan goingOn(FetchSession session) {
        return new FetchPlan(ErrorCode.NONE, session.targets(), Optional.of(session), true);
    }

    /** NONE, or why the whole fetch is refused. */
    public ErrorCode error() {
        return error;
    }

    /** What to read, in the order of the response. */
    public List<FetchTarget> targets() {
        return targets;
    }

    /** The session that the client goes on with; 0 for none. */
    public int sessionId() {
        return session.map(FetchSession::id).orElse(FetchSessions.NO_SESSION);
    }

    /** Whether the response carries this partition: an incremental one leaves out what the client knows. */
    public boolean includes(FetchKey key, FetchResponse.PartitionData data) {
        return session.map(known -> known.isNews(key, data) || !incremental).orElse(true);
    }
}
