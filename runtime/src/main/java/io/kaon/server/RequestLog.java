// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.UnsupportedFieldException;
import io.kaon.wire.message.ApiKey;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * A line for each request, when somebody asks for it: the category {@value #CATEGORY}, or that of one api beneath it
 * such as {@code io.kaon.request.Fetch}. DEBUG tells who asked for what and how it went, TRACE also the fields of the request.
 * Neither tells what is in records, in metadata and assignments of members, in settings, or in credentials. May be turned
 * on and off at any time; off, it costs a look at the level of one category. Any thread.
 */
final class RequestLog {
    static final String CATEGORY = "io.kaon.request";

    /** Requests whose fields may hold a secret: passwords, tokens, settings. */
    private static final Set<ApiKey> CONFIDENTIAL = EnumSet.of(
            ApiKey.SASL_AUTHENTICATE,
            ApiKey.ALTER_CONFIGS,
            ApiKey.INCREMENTAL_ALTER_CONFIGS,
            ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
            ApiKey.CREATE_DELEGATION_TOKEN,
            ApiKey.RENEW_DELEGATION_TOKEN,
            ApiKey.EXPIRE_DELEGATION_TOKEN);
    /** What a line shows of a client's name or of a request's fields, in characters. */
    private static final int MAX_CLIENT_ID = 250;

    private static final int MAX_FIELDS = 8_000;
    private static final double NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Map<ApiKey, Logger> loggers = new EnumMap<>(ApiKey.class);

    RequestLog() {
        for (ApiKey api : ApiKey.values()) {
            loggers.put(api, Logger.getLogger(CATEGORY + "." + api.title()));
        }
    }

    /** Whether requests of this api are to be logged now. */
    boolean isOn(ApiKey api) {
        return loggers.get(api).isDebugEnabled();
    }

    /**
     * Takes down what has come in, before anything changes it.
     *
     * @return what is to be told of the reply
     */
    Entry begin(RequestContext context, ApiMessage request) {
        Logger logger = loggers.get(context.api());
        String fields = logger.isTraceEnabled() ? " " + fields(context.api(), request) : "";
        return new Entry(logger, context, sizeOf(request, context.version()), fields, System.nanoTime());
    }

    /** A request that has come in, and waits for its reply. */
    record Entry(Logger logger, RequestContext context, String size, String fields, long startNs) {
        /** Logs when the reply is there, and hands it on as it is. */
        CompletionStage<Reply> whenAnswered(CompletionStage<Reply> reply) {
            return reply.thenApply(this::answered);
        }

        private Reply answered(Reply reply) {
            logger.debugf(
                    "%s version=%d client=%s host=%s listener=%s principal=%s request=%s answer=%s ms=%s errors=%s%s",
                    context.api().title(),
                    context.version(),
                    printable(context.clientId(), MAX_CLIENT_ID),
                    context.clientHost(),
                    context.listener().name(),
                    context.principal(),
                    size,
                    answer(reply, context.version()),
                    String.format(Locale.ROOT, "%.3f", (System.nanoTime() - startNs) / NS_PER_MS),
                    errors(reply),
                    fields);
            return reply;
        }
    }

    private static String answer(Reply reply, short version) {
        if (reply instanceof Reply.Answer answer) {
            return sizeOf(answer.message(), version);
        }
        return reply instanceof Reply.CloseConnection ? "closed" : "none";
    }

    private static String errors(Reply reply) {
        if (reply instanceof Reply.CloseConnection close) {
            return printable(close.reason(), MAX_FIELDS);
        }
        if (!(reply instanceof Reply.Answer answer)) {
            return "none";
        }
        Map<ErrorCode, Integer> errors = AnswerErrors.of(answer.message());
        return errors.isEmpty()
                ? "none"
                : errors.entrySet().stream()
                        .map(error ->
                                error.getValue() == 1 ? error.getKey().name() : error.getKey() + "*" + error.getValue())
                        .collect(Collectors.joining(","));
    }

    /** In bytes, without header. A version that was not served may be one that cannot express the answer. */
    private static String sizeOf(ApiMessage message, short version) {
        try {
            return Long.toString(MessageSize.of(message, version));
        } catch (UnsupportedFieldException | IllegalArgumentException inAnotherVersion) {
            return "?";
        }
    }

    private static String fields(ApiKey api, ApiMessage request) {
        return CONFIDENTIAL.contains(api)
                ? request.getClass().getSimpleName() + "(fields are not shown)"
                : printable(request.toString(), MAX_FIELDS);
    }

    /** On one line and bounded: what a client calls itself must not look like a line of its own. */
    private static String printable(String text, int max) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(max).forEach(point -> line.appendCodePoint(isPlain(point) ? point : '?'));
        return text.codePointCount(0, text.length()) > max ? line + "…" : line.toString();
    }

    private static boolean isPlain(int point) {
        int type = Character.getType(point);
        return !Character.isISOControl(point)
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
