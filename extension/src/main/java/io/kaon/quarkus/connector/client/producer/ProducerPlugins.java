// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import org.apache.kafka.common.serialization.Serializer;

/** What the application plugs into a producer, which closes it. */
public record ProducerPlugins<K, V>(
        Serializer<K> keySerializer, Serializer<V> valueSerializer, ProducerInterceptors<K, V> interceptors) {}
