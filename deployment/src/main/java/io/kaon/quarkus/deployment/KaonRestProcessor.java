// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.rest.KaonRestRecorder;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.Capabilities;
import io.quarkus.deployment.Capability;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.vertx.http.deployment.spi.RouteBuildItem;
import java.util.List;

/** The broker over HTTP, in applications that have an HTTP server. */
class KaonRestProcessor {
    /** By name, because they need not be loaded to be built in. Each adds its operations to the API. */
    private static final List<String> BEANS = List.of(
            "io.kaon.quarkus.map.MapAudience",
            "io.kaon.quarkus.rest.AclsGroup",
            "io.kaon.quarkus.rest.AdminConnections",
            "io.kaon.quarkus.rest.ApplicationGroup",
            "io.kaon.quarkus.rest.BrokersGroup",
            "io.kaon.quarkus.rest.ClustersGroup",
            "io.kaon.quarkus.rest.ConfigsGroup",
            "io.kaon.quarkus.rest.ConsumerGroupOrdersGroup",
            "io.kaon.quarkus.rest.ConsumerGroupsGroup",
            "io.kaon.quarkus.rest.DeadLettersGroup",
            "io.kaon.quarkus.rest.LagsGroup",
            "io.kaon.quarkus.rest.LogDirsGroup",
            "io.kaon.quarkus.rest.LongWorkGroup",
            "io.kaon.quarkus.rest.PartitionsGroup",
            "io.kaon.quarkus.rest.RecordOrdersGroup",
            "io.kaon.quarkus.rest.RecordStreamsGroup",
            "io.kaon.quarkus.rest.RecordsGroup",
            "io.kaon.quarkus.rest.RestApi",
            "io.kaon.quarkus.rest.TopicsGroup",
            "io.kaon.quarkus.rest.TransactionsGroup");

    @BuildStep
    void beans(Capabilities capabilities, BuildProducer<AdditionalBeanBuildItem> beans) {
        if (capabilities.isPresent(Capability.VERTX_HTTP)) {
            beans.produce(AdditionalBeanBuildItem.builder()
                    .addBeanClasses(BEANS)
                    .setUnremovable()
                    .build());
        }
    }

    @BuildStep
    @Record(ExecutionTime.RUNTIME_INIT)
    void routes(
            KaonRestRecorder recorder,
            Capabilities capabilities,
            LaunchModeBuildItem launchMode,
            BuildProducer<RouteBuildItem> routes) {
        if (capabilities.isPresent(Capability.VERTX_HTTP)) {
            routes.produce(RouteBuildItem.newApplicationRoute("v3/*")
                    .withRequestHandler(
                            recorder.handler(launchMode.getLaunchMode(), capabilities.isPresent(Capability.SECURITY)))
                    .build());
        }
    }
}
