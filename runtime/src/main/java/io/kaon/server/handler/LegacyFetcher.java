// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.record.legacy.DownConverter;
import io.kaon.replication.FetchParams;
import io.kaon.replication.Fetcher;
import io.kaon.replication.PartitionRead;
import io.kaon.replication.PartitionReadResult;
import io.kaon.server.RequestContext;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Fetch 0–3: what other fetches send from the file is read, batch by batch, and converted, on threads
 * that may block. Any thread.
 *
 * <pre>
 *  Fetch 0, 1   magic 0
 *  Fetch 2, 3   magic 1
 *  Fetch 0–2    no bound for the whole answer in the request; a partition's max_bytes is hard: a first message that is
 *               larger is cut there (C28)
 *  Fetch 3      KIP-74: the first message of the first partition with records comes whole
 * </pre>
 *
 * <p>One answer has at most {@value #MAX_ANSWER_BYTES} bytes of records and one message, less when much waits to be
 * sent ({@link ConversionBudget}); partitions that find no room come empty. These clients ask for their partitions in
 * the same order each time, so each fetch of a connection begins with another one.
 */
final class LegacyFetcher {
    /** The last version that needs this. */
    static final int LAST_VERSION = 3;

    /** Bytes of converted records in one answer, but for one message that is larger. */
    static final int MAX_ANSWER_BYTES = 4 << 20;

    private static final int LAST_VERSION_WITH_MAGIC_0 = 1;
    private static final int LAST_VERSION_WITH_HARD_BOUND = 2;

    private final LegacyFetch.Means means;
    private final DownConverter toMagic0;
    private final DownConverter toMagic1;

    LegacyFetcher(Fetcher fetcher, Handlers.Conversion conversion, ConversionBudget budget) {
        this.means = new LegacyFetch.Means(fetcher, conversion.threads(), budget, conversion.clock());
        this.toMagic0 = new DownConverter(conversion.limits(), 0);
        this.toMagic1 = new DownConverter(conversion.limits(), 1);
    }

    /** As {@link Fetcher#fetch}, with records in the format of the request's version. */
    CompletionStage<List<PartitionReadResult>> fetch(
            RequestContext context, FetchParams params, List<PartitionRead> reads) {
        LegacyFetch.Format format = new LegacyFetch.Format(
                context.version() <= LAST_VERSION_WITH_MAGIC_0 ? toMagic0 : toMagic1,
                context.version() <= LAST_VERSION_WITH_HARD_BOUND);
        int maxBytes = Math.min(params.maxBytes(), MAX_ANSWER_BYTES);
        FetchParams bounded = new FetchParams(
                Math.min(params.minBytes(), maxBytes), maxBytes, params.maxWaitMs(), params.readCommitted());
        int first = Math.floorMod(context.connection().nextFetchTurn(), reads.size());
        return new LegacyFetch(means, format, bounded, context).start(reads, first);
    }
}
