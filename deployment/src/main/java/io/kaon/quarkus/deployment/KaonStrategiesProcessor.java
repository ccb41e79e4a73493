// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.connector.strategies.ChannelMethods;
import io.kaon.quarkus.connector.strategies.KaonStrategiesRecorder;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.SyntheticBeanBuildItem;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.smallrye.reactivemessaging.deployment.items.MediatorBuildItem;
import io.smallrye.reactive.messaging.annotations.Incomings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.DotName;
import org.jboss.jandex.MethodInfo;

/** What becomes of records after the application has had them, or has not been able to read them. */
class KaonStrategiesProcessor {
    private static final DotName INCOMING = DotName.createSimple(Incoming.class);
    private static final DotName INCOMINGS = DotName.createSimple(Incomings.class);

    @BuildStep
    AdditionalBeanBuildItem strategies() {
        return AdditionalBeanBuildItem.builder()
                .addBeanClasses(Stream.of(
                                "ChannelCommits",
                                "OwnStrategies",
                                "EmbeddedChannels",
                                "FailedRecordSinks",
                                "ThrottledCommits",
                                "DeadLetterQueues",
                                "DelayedRetryTopics")
                        .map("io.kaon.quarkus.connector.strategies."::concat)
                        .toList())
                .setUnremovable()
                .build();
    }

    /** Messages about a record that is stuck name the method that has it. */
    @BuildStep
    @Record(ExecutionTime.STATIC_INIT)
    SyntheticBeanBuildItem channelMethods(KaonStrategiesRecorder recorder, List<MediatorBuildItem> mediators) {
        Map<String, List<String>> methods = new TreeMap<>();
        for (MediatorBuildItem mediator : mediators) {
            MethodInfo method = mediator.getMethod();
            String name = method.declaringClass().name() + "." + method.name();
            for (String channel : incomingOf(method)) {
                methods.computeIfAbsent(channel, key -> new ArrayList<>()).add(name);
            }
        }
        return SyntheticBeanBuildItem.configure(ChannelMethods.class)
                .scope(Singleton.class)
                .unremovable()
                .supplier(recorder.channelMethods(methods))
                .done();
    }

    private static List<String> incomingOf(MethodInfo method) {
        List<String> channels = new ArrayList<>();
        AnnotationInstance one = method.annotation(INCOMING);
        if (one != null) {
            channels.add(one.value().asString());
        }
        AnnotationInstance several = method.annotation(INCOMINGS);
        if (several != null) {
            for (AnnotationInstance each : several.value().asNestedArray()) {
                channels.add(each.value().asString());
            }
        }
        return channels;
    }
}
