// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.record.BatchOutcome;
import io.kaon.record.BatchReader;
import io.kaon.record.RecordBatch;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.RequestHeader;
import io.kaon.wire.message.ResponseHeader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * A connection to a broker, Kaon's or Kafka's, on one blocking socket: so little that what is measured is the broker. One
 * thread, but for requests and answers, which may have a thread each.
 */
public final class WireConnection implements AutoCloseable {
    /** Versions that Kafka 2.4 to 4.x and Kaon all have; later ones name topics by id. */
    private static final short CREATE_TOPICS = 5;

    private static final short PRODUCE = 8;
    private static final short FETCH = 11;
    private static final short OFFSET_FETCH = 8;
    private static final int TIMEOUT_MS = 30_000;
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final short ALL = -1;
    private static final int CLIENT = -1;

    private final Socket socket;
    private final DataInputStream in;
    private int lastCorrelationId;

    /** @param address {@code host:port} */
    public WireConnection(String address) {
        int colon = address.lastIndexOf(':');
        try {
            socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Makes a topic of one partition. */
    void createTopic(String name, Map<String, String> config) {
        CreateTopicsRequest.CreatableTopic topic = new CreateTopicsRequest.CreatableTopic()
                .setName(name)
                .setNumPartitions(1)
                .setReplicationFactor((short) 1);
        config.forEach((key, value) -> topic.configs()
                .add(new CreateTopicsRequest.CreatableTopicConfig().setName(key).setValue(value)));
        send(new CreateTopicsRequest().setTopics(List.of(topic)).setTimeoutMs(TIMEOUT_MS), CREATE_TOPICS);
        CreateTopicsResponse answer = (CreateTopicsResponse) receive(ApiKey.CREATE_TOPICS, CREATE_TOPICS);
        check("CreateTopics", answer.topics().get(0).errorCode());
    }

    /** Sends a batch with acks=all to partition 0, and does not wait. */
    void sendProduce(String topic, ByteBuffer batch) {
        send(
                new ProduceRequest()
                        .setAcks(ALL)
                        .setTimeoutMs(TIMEOUT_MS)
                        .setTopicData(List.of(new ProduceRequest.TopicProduceData()
                                .setName(topic)
                                .setPartitionData(List.of(new ProduceRequest.PartitionProduceData()
                                        .setIndex(0)
                                        .setRecords(new BufferRecords(batch)))))),
                PRODUCE);
    }

    /** Waits for the answer to the next of the batches that were sent. */
    void receiveProduce() {
        ProduceResponse answer = (ProduceResponse) receive(ApiKey.PRODUCE, PRODUCE);
        check("Produce", answer.responses().get(0).partitionResponses().get(0).errorCode());
    }

    /** What a consumer got: how many bytes, and where it goes on. */
    record Fetched(int bytes, long nextOffset) {}

    /** Reads from partition 0, waiting half a second when there is nothing. */
    Fetched fetch(String topic, long offset, int maxBytes) {
        send(
                new FetchRequest()
                        .setReplicaId(CLIENT)
                        .setMaxWaitMs(500)
                        .setMinBytes(1)
                        .setMaxBytes(maxBytes)
                        .setSessionEpoch(-1)
                        .setTopics(List.of(new FetchRequest.FetchTopic()
                                .setTopic(topic)
                                .setPartitions(List.of(new FetchRequest.FetchPartition()
                                        .setFetchOffset(offset)
                                        .setPartitionMaxBytes(maxBytes))))),
                FETCH);
        FetchResponse.PartitionData partition = ((FetchResponse) receive(ApiKey.FETCH, FETCH))
                .responses()
                .get(0)
                .partitions()
                .get(0);
        check("Fetch", partition.errorCode());
        return new Fetched(
                partition.records().sizeInBytes(),
                nextOffset(partition.records().toBuffer(), offset));
    }

    /** Asks for one committed offset of a group, once: whether it is there. False while the group is being loaded, too. */
    public boolean isCommitted(String group, String topic, int partition) {
        send(
                new OffsetFetchRequest()
                        .setGroups(List.of(new OffsetFetchRequest.OffsetFetchRequestGroup()
                                .setGroupId(group)
                                .setTopics(List.of(new OffsetFetchRequest.OffsetFetchRequestTopics()
                                        .setName(topic)
                                        .setPartitionIndexes(List.of(partition)))))),
                OFFSET_FETCH);
        OffsetFetchResponse.OffsetFetchResponseGroup answer = ((OffsetFetchResponse)
                        receive(ApiKey.OFFSET_FETCH, OFFSET_FETCH))
                .groups()
                .get(0);
        return answer.errorCode() == 0
                && answer.topics().get(0).partitions().get(0).committedOffset() >= 0;
    }

    private static long nextOffset(ByteBuffer records, long from) {
        BatchReader reader = new BatchReader(records);
        long next = from;
        for (BatchOutcome outcome = reader.next(); outcome instanceof RecordBatch batch; outcome = reader.next()) {
            next = batch.nextOffset();
        }
        return next;
    }

    private void send(ApiMessage request, short version) {
        ApiKey api = ApiKey.of(request.apiKey()).orElseThrow();
        BufferWriter out = new BufferWriter();
        new RequestHeader()
                .setRequestApiKey(api.id())
                .setRequestApiVersion(version)
                .setCorrelationId(++lastCorrelationId)
                .setClientId("kaon-bench")
                .write(out, api.requestHeaderVersion(version));
        request.write(out, version);
        byte[] content = out.toByteArray();
        byte[] frame = ByteBuffer.allocate(Integer.BYTES + content.length)
                .putInt(content.length)
                .put(content)
                .array();
        try {
            socket.getOutputStream().write(frame);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private ApiMessage receive(ApiKey api, short version) {
        try {
            byte[] content = new byte[in.readInt()];
            in.readFully(content);
            BufferReader reader = new BufferReader(ByteBuffer.wrap(content));
            new ResponseHeader().read(reader, api.responseHeaderVersion(version));
            ApiMessage answer = api.newResponse();
            answer.read(reader, version);
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void check(String what, short error) {
        if (error != 0) {
            throw new IllegalStateException(what + " was answered with error " + error);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
