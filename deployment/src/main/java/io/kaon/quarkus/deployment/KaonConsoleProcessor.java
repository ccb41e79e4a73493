// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.console.KaonConsoleRecorder;
import io.quarkus.deployment.Capabilities;
import io.quarkus.deployment.Capability;
import io.quarkus.deployment.IsLocalDevelopment;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourcePatternsBuildItem;
import io.quarkus.devui.spi.page.CardPageBuildItem;
import io.quarkus.devui.spi.page.Page;
import io.quarkus.vertx.http.deployment.spi.RouteBuildItem;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.ConfigProvider;

/** The console: the page /kaon, and the same pages in Dev UI. */
class KaonConsoleProcessor {
    @BuildStep
    @Record(ExecutionTime.RUNTIME_INIT)
    void page(
            KaonConsoleRecorder recorder,
            Capabilities capabilities,
            LaunchModeBuildItem launchMode,
            BuildProducer<RouteBuildItem> routes) {
        if (capabilities.isPresent(Capability.VERTX_HTTP)) {
            Handler<RoutingContext> handler =
                    recorder.handler(launchMode.getLaunchMode(), capabilities.isPresent(Capability.SECURITY));
            for (String route : new String[] {"kaon", "kaon/*"}) {
                routes.produce(RouteBuildItem.newApplicationRoute(route)
                        .withRequestHandler(handler)
                        .build());
            }
        }
    }

    @BuildStep
    NativeImageResourcePatternsBuildItem files() {
        return NativeImageResourcePatternsBuildItem.builder()
                .includeGlob("kaon-console/**")
                .build();
    }

    /** The files of the pages are the console's own: the build lays them beneath dev-ui/kaon-console. */
    @BuildStep(onlyIf = IsLocalDevelopment.class)
    void devUi(Capabilities capabilities, BuildProducer<CardPageBuildItem> cards) {
        if (capabilities.isPresent(Capability.VERTX_HTTP)) {
            CardPageBuildItem card = new CardPageBuildItem();
            card.addBuildTimeData("restBase", rootPath() + "v3/");
            addPage(card, "Application", "application", "diagram-project");
            addPage(card, "Topics", "topics", "layer-group");
            addPage(card, "Consumer groups", "groups", "users");
            addPage(card, "Transactions", "transactions", "right-left");
            addPage(card, "Brokers", "brokers", "server");
            addPage(card, "ACLs", "acls", "shield-halved");
            cards.produce(card);
        }
    }

    private static void addPage(CardPageBuildItem card, String title, String section, String icon) {
        card.addPage(Page.webComponentPageBuilder()
                .title(title)
                .icon("font-awesome-solid:" + icon)
                .componentLink("qwc-kaon-" + section + ".js"));
    }

    private static String rootPath() {
        String path = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.root-path", String.class)
                .orElse("/");
        String begun = path.startsWith("/") ? path : "/" + path;
        return begun.endsWith("/") ? begun : begun + "/";
    }
}
