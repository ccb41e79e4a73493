// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.telemetry.ApiMeter;
import io.kaon.telemetry.RequestMeters;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.FetchableTopicResponse;
import io.kaon.wire.message.FetchResponse.PartitionData;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import io.kaon.wire.message.ProduceResponse.TopicProduceResponse;

/**
 * Counts the errors in answers. The apis of records are looked through by hand, because they come so often; whoever
 * finds none pays for the look alone. Any thread.
 */
final class ErrorCount {
    private final RequestMeters meters;

    ErrorCount(RequestMeters meters) {
        this.meters = meters;
    }

    void count(ApiKey api, Reply reply) {
        if (reply instanceof Reply.Answer answer) {
            count(api, answer.message());
        }
    }

    private void count(ApiKey api, ApiMessage message) {
        if (message instanceof ProduceResponse produce) {
            for (TopicProduceResponse topic : produce.responses()) {
                for (PartitionProduceResponse partition : topic.partitionResponses()) {
                    count(api, partition.errorCode());
                }
            }
        } else if (message instanceof FetchResponse fetch) {
            count(api, fetch.errorCode());
            for (FetchableTopicResponse topic : fetch.responses()) {
                for (PartitionData partition : topic.partitions()) {
                    count(api, partition.errorCode());
                }
            }
        } else {
            AnswerErrors.of(message).forEach((error, times) -> meterOf(api).failed(error.name(), times));
        }
    }

    private void count(ApiKey api, short error) {
        if (error != ErrorCode.NONE.code()) {
            meterOf(api).failed(ErrorCode.of(error).name(), 1);
        }
    }

    private ApiMeter meterOf(ApiKey api) {
        return meters.of(api.id(), api.title());
    }
}
