// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.metadata.ConfigResource;
import io.kaon.record.BatchReader;
import io.kaon.record.Compression;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.server.Authoriser;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DeleteRecordsRequest;
import io.kaon.wire.message.DeleteRecordsResponse;
import io.kaon.wire.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsResponse;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A broker with one topic, {@value #TOPIC}, whose settings a test changes and whose files it looks at. */
final class SettingsFixture implements AutoCloseable {
    static final String TOPIC = "orders";
    static final long EARLIEST = -2;
    static final long LATEST = -1;
    private static final int NEWEST_PRODUCE = 13;
    private static final int NEWEST_FETCH = 17;
    private static final short ALL = -1;

    final TestBroker broker;
    private final Path data;

    SettingsFixture(Path data) {
        this(data, Map.of());
    }

    SettingsFixture(Path data, Map<String, String> brokerSettings) {
        this(data, brokerSettings, Disk.system());
    }

    /** @param logDisk where the logs are */
    SettingsFixture(Path data, Map<String, String> brokerSettings, Disk logDisk) {
        this.data = data;
        this.broker = new TestBroker(data, brokerSettings, Authoriser.ALLOW_ALL, logDisk);
        if (broker.images.current().topic(TOPIC).isEmpty()) {
            broker.create(TOPIC, 1);
        }
    }

    /** The next life after a clean end. */
    SettingsFixture restart() {
        close();
        return new SettingsFixture(data);
    }

    /**
     * The life after kill -9 at this moment: what the process has written is there, and nothing else. This one goes on
     * with its own files.
     *
     * @param copy where the files of that life are
     */
    SettingsFixture killed(Path copy) {
        copy(data, copy);
        return new SettingsFixture(copy);
    }

    /** Copies a folder with everything in it. */
    static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Deletes the topic. */
    void delete() {
        DeleteTopicsRequest request = new DeleteTopicsRequest();
        request.topicNames().add(TOPIC);
        DeleteTopicsResponse response = broker.call(ApiKey.DELETE_TOPICS, 5, request);
        if (response.responses().get(0).errorCode() != 0) {
            throw new AssertionError(ErrorCode.of(response.responses().get(0).errorCode()));
        }
    }

    /** DeleteRecords up to an offset. */
    DeleteRecordsPartitionResult deleteRecords(long offset) {
        DeleteRecordsRequest.DeleteRecordsTopic topic = new DeleteRecordsRequest.DeleteRecordsTopic().setName(TOPIC);
        topic.partitions().add(new DeleteRecordsRequest.DeleteRecordsPartition().setOffset(offset));
        DeleteRecordsRequest request = new DeleteRecordsRequest();
        request.topics().add(topic);
        DeleteRecordsResponse response = broker.call(ApiKey.DELETE_RECORDS, 2, request);
        return response.topics().get(0).partitions().get(0);
    }

    Path data() {
        return data;
    }

    /** Changes a setting of the topic while it is in use. */
    ErrorCode alter(String key, String value) {
        return alter(ConfigResource.topic(TOPIC), key, value);
    }

    /** Changes the default of all brokers. */
    ErrorCode alterBroker(String key, String value) {
        return alter(ConfigResource.brokerDefault(), key, value);
    }

    private ErrorCode alter(ConfigResource resource, String key, String value) {
        IncrementalAlterConfigsRequest.AlterConfigsResource change =
                new IncrementalAlterConfigsRequest.AlterConfigsResource()
                        .setResourceType(resource.type().id())
                        .setResourceName(resource.name());
        change.configs()
                .add(new IncrementalAlterConfigsRequest.AlterableConfig()
                        .setName(key)
                        .setConfigOperation((byte) 0)
                        .setValue(value));
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest();
        request.resources().add(change);
        IncrementalAlterConfigsResponse response = broker.call(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, request);
        return ErrorCode.of(response.responses().get(0).errorCode());
    }

    PartitionProduceResponse produce(ByteBuffer batch) {
        return produce(NEWEST_PRODUCE, batch);
    }

    PartitionProduceResponse produce(int version, ByteBuffer batch) {
        ProduceResponse response =
                broker.call(ApiKey.PRODUCE, version, Batches.produce(ALL, TOPIC, broker.idOf(TOPIC), batch));
        return response.responses().get(0).partitionResponses().get(0);
    }

    ErrorCode produced(ByteBuffer batch) {
        return ErrorCode.of(produce(batch).errorCode());
    }

    /** Batches of one record with so many bytes each, with the time of the broker. */
    void produce(int batches, int bytes) {
        for (int index = 0; index < batches; index++) {
            ErrorCode error = produced(batchAt(broker.time.wallMs(), Compression.NONE, new byte[bytes]));
            if (error != ErrorCode.NONE) {
                throw new AssertionError(error);
            }
        }
    }

    static ByteBuffer batchAt(long timestampMs, Compression compression, byte[]... values) {
        RecordBatchBuilder batch = RecordBatchBuilder.compressed(new StandardCodecs(), compression);
        for (byte[] value : values) {
            batch.append(timestampMs, new byte[] {1}, value);
        }
        return batch.build();
    }

    long offset(long timestamp) {
        ListOffsetsRequest.ListOffsetsTopic topic = new ListOffsetsRequest.ListOffsetsTopic().setName(TOPIC);
        topic.partitions().add(new ListOffsetsRequest.ListOffsetsPartition().setTimestamp(timestamp));
        ListOffsetsRequest request = new ListOffsetsRequest();
        request.topics().add(topic);
        ListOffsetsResponse response = broker.call(ApiKey.LIST_OFFSETS, 1, request);
        return response.topics().get(0).partitions().get(0).offset();
    }

    /** One read of the partition. */
    FetchResponse.PartitionData fetch(long offset) {
        return fetch(broker.idOf(TOPIC), offset);
    }

    FetchResponse.PartitionData fetch(Uuid id, long offset) {
        FetchResponse response =
                TestBroker.answer(broker.startHurried(ApiKey.FETCH, NEWEST_FETCH, Batches.fetch(TOPIC, id, offset)));
        return response.responses().get(0).partitions().get(0);
    }

    /** The batches of one read. */
    List<RecordBatch> batches(long offset) {
        List<RecordBatch> batches = new ArrayList<>();
        BatchReader reader = new BatchReader(fetch(offset).records().toBuffer());
        while (reader.next() instanceof RecordBatch batch) {
            batches.add(batch);
        }
        return batches;
    }

    /** The folder of partition 0. */
    Path folder() {
        return data.resolve(TOPIC + "-0");
    }

    /** Names of the partition's files that end so, in their order. */
    List<String> files(String suffix) {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(it -> it.getFileName().toString())
                    .filter(it -> it.endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    long sizeOf(String file) {
        try {
            return Files.size(folder().resolve(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
