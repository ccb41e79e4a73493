// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

/** What a broker tells of its requests, connections and threads, under the names of Kafka's exporter configurations. */
public final class RequestMetrics {
    /** Requests. */
    public static final MetricName REQUESTS = MetricName.counter(
                    "kafka.network.requestmetrics.requests",
                    "requests",
                    "Requests that were answered, by api and version.")
            .by("request", "version");

    public static final MetricName ERRORS = MetricName.counter(
                    "kafka.network.requestmetrics.errors",
                    "errors",
                    "Errors in answers, by api and error; an answer has one for each partition, topic or group.")
            .by("request", "error");

    public static final MetricName TOTAL_TIME = MetricName.gauge(
                    "kafka.network.requestmetrics.totaltimems",
                    "ms",
                    "From the arrival of a request until its answer has left; quantiles of the last two minutes.")
            .by("request", "quantile");

    public static final MetricName TOTAL_TIME_COUNT = MetricName.gauge(
                    "kafka.network.requestmetrics.totaltimems.count",
                    "requests",
                    "Requests that were measured: from the arrival of a request until its answer has left.")
            .by("request");

    public static final MetricName QUEUE_TIME = MetricName.gauge(
                    "kafka.network.requestmetrics.requestqueuetimems",
                    "ms",
                    "How long requests waited for those before them on their connection; quantiles of the last two minutes.")
            .by("request", "quantile");

    public static final MetricName QUEUE_TIME_COUNT = MetricName.gauge(
                    "kafka.network.requestmetrics.requestqueuetimems.count",
                    "requests",
                    "Requests that were measured: how long requests waited for those before them on their connection.")
            .by("request");

    public static final MetricName LOCAL_TIME = MetricName.gauge(
                    "kafka.network.requestmetrics.localtimems",
                    "ms",
                    "How long the thread of the connection was busy with a request; quantiles of the last two minutes.")
            .by("request", "quantile");

    public static final MetricName LOCAL_TIME_COUNT = MetricName.gauge(
                    "kafka.network.requestmetrics.localtimems.count",
                    "requests",
                    "Requests that were measured: how long the thread of the connection was busy with a request.")
            .by("request");

    public static final MetricName REMOTE_TIME = MetricName.gauge(
                    "kafka.network.requestmetrics.remotetimems",
                    "ms",
                    "How long requests waited for a disk, for records, or for other members; quantiles of the last two minutes.")
            .by("request", "quantile");

    public static final MetricName REMOTE_TIME_COUNT = MetricName.gauge(
                    "kafka.network.requestmetrics.remotetimems.count",
                    "requests",
                    "Requests that were measured: how long requests waited for a disk, for records, or for other members.")
            .by("request");

    public static final MetricName RESPONSE_QUEUE_TIME = MetricName.gauge(
                    "kafka.network.requestmetrics.responsequeuetimems",
                    "ms",
                    "How long answers waited for those before them; quantiles of the last two minutes.")
            .by("request", "quantile");

    public static final MetricName RESPONSE_QUEUE_TIME_COUNT = MetricName.gauge(
                    "kafka.network.requestmetrics.responsequeuetimems.count",
                    "requests",
                    "Requests that were measured: how long answers waited for those before them.")
            .by("request");

    public static final MetricName SEND_TIME = MetricName.gauge(
                    "kafka.network.requestmetrics.responsesendtimems",
                    "ms",
                    "How long the socket took for an answer; quantiles of the last two minutes.")
            .by("request", "quantile");

    public static final MetricName SEND_TIME_COUNT = MetricName.gauge(
                    "kafka.network.requestmetrics.responsesendtimems.count",
                    "requests",
                    "Requests that were measured: how long the socket took for an answer.")
            .by("request");

    /** Connections. */
    public static final MetricName CONNECTIONS = MetricName.gauge(
                    "kafka.server.socket.server.metrics.connection.count", "connections", "Connections that are open.")
            .by("listener");

    public static final MetricName CONNECTIONS_OPENED = MetricName.counter(
                    "kafka.server.socket.server.metrics.connection.creation",
                    "connections",
                    "Connections that were opened.")
            .by("listener");

    public static final MetricName CONNECTIONS_CLOSED = MetricName.counter(
                    "kafka.server.socket.server.metrics.connection.close",
                    "connections",
                    "Connections that were closed.")
            .by("listener");

    public static final MetricName CONNECTION_CREATION_RATE = MetricName.gauge(
                    "kafka.server.socket.server.metrics.connection.creation.rate",
                    "connections/s",
                    "Connections opened each second, of late.")
            .by("listener");

    public static final MetricName CONNECTION_CLOSE_RATE = MetricName.gauge(
                    "kafka.server.socket.server.metrics.connection.close.rate",
                    "connections/s",
                    "Connections closed each second, of late.")
            .by("listener");

    public static final MetricName INCOMING_BYTES = MetricName.counter(
                    "kafka.server.socket.server.metrics.incoming.byte", "bytes", "Bytes that came from clients.")
            .by("listener");

    public static final MetricName OUTGOING_BYTES = MetricName.counter(
                    "kafka.server.socket.server.metrics.outgoing.byte", "bytes", "Bytes that were sent to clients.")
            .by("listener");

    /** Threads and waiting. */
    public static final MetricName NETWORK_IDLE = MetricName.gauge(
            "kafka.network.socketserver.networkprocessoravgidle.percent",
            "ratio",
            "Share of time, 0 to 1, in which the event loops with connections used no processor.");

    public static final MetricName HANDLER_IDLE = MetricName.gauge(
            "kafka.server.kafkarequesthandlerpool.requesthandleravgidle.percent",
            "ratio",
            "Share of time, 0 to 1, in which the threads beside the event loops had nothing to do.");

    public static final MetricName PURGATORY = MetricName.gauge(
                    "kafka.server.delayedoperationpurgatory.purgatorysize",
                    "requests",
                    "Requests that wait: for records (Fetch), or for a sync or replicas (Produce).")
            .by("delayedOperation");

    public static final MetricName DISK_READ = MetricName.gauge(
            "kafka.server.kafkaserver.linux.disk.read.bytes",
            "bytes",
            "Bytes that this process has had read from disks; Linux only.");

    public static final MetricName DISK_WRITE = MetricName.gauge(
            "kafka.server.kafkaserver.linux.disk.write.bytes",
            "bytes",
            "Bytes that this process has had written to disks; Linux only.");

    private RequestMetrics() {}
}
