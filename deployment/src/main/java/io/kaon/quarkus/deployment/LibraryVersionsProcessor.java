// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.Produce;
import io.quarkus.deployment.builditem.LiveReloadBuildItem;
import io.quarkus.deployment.builditem.ServiceStartBuildItem;
import io.quarkus.deployment.pkg.builditem.ArtifactResultBuildItem;
import io.quarkus.deployment.pkg.builditem.CurateOutcomeBuildItem;
import io.quarkus.maven.dependency.ResolvedDependency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Says which libraries that read what clients send are older in this application than Kaon was built with. The
 * application's BOM decides their versions, and Kaon's own parent, which pins them upward, has no say there.
 */
class LibraryVersionsProcessor {
    private static final Logger LOG = Logger.getLogger(LibraryVersionsProcessor.class);
    /** As in the properties of the parent's {@code pom.xml}, which says why; a test compares them. */
    static final Map<String, String> WANTED =
            Map.of("at.yawk.lz4:lz4-java", "1.13.0", "org.xerial.snappy:snappy-java", "1.1.10.12");

    @BuildStep
    @Produce(ServiceStartBuildItem.class)
    @Produce(ArtifactResultBuildItem.class)
    void compare(CurateOutcomeBuildItem application, LiveReloadBuildItem liveReload) {
        if (liveReload.isLiveReload()) {
            return;
        }
        Map<String, String> found = application.getApplicationModel().getRuntimeDependencies().stream()
                .filter(library -> WANTED.containsKey(nameOf(library)))
                .collect(Collectors.toMap(
                        LibraryVersionsProcessor::nameOf, ResolvedDependency::getVersion, (one, other) -> one));
        List<String> older = olderThanWanted(found);
        if (!older.isEmpty()) {
            LOG.infof(
                    "This application's dependency management brings older libraries than Kaon was built with, which"
                            + " have known holes: %s. The section dependencyManagement of your build can name the newer"
                            + " ones, before the Quarkus BOM",
                    String.join(", ", older));
        }
    }

    static List<String> olderThanWanted(Map<String, String> found) {
        List<String> older = new ArrayList<>();
        new TreeMap<>(found).forEach((name, version) -> {
            if (isOlder(version, WANTED.get(name))) {
                older.add(name + " " + version + " (Kaon: " + WANTED.get(name) + ")");
            }
        });
        return older;
    }

    /** By their numbers; what is not a number counts as 0. */
    static boolean isOlder(String version, String wanted) {
        List<Integer> own = numbers(version);
        List<Integer> other = numbers(wanted);
        for (int place = 0; place < Math.max(own.size(), other.size()); place++) {
            int difference = at(own, place) - at(other, place);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static int at(List<Integer> numbers, int place) {
        return place < numbers.size() ? numbers.get(place) : 0;
    }

    private static List<Integer> numbers(String version) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : version.split("[.-]")) {
            numbers.add(part.matches("\\d{1,9}") ? Integer.parseInt(part) : 0);
        }
        return numbers;
    }

    private static String nameOf(ResolvedDependency library) {
        return library.getGroupId() + ":" + library.getArtifactId();
    }
}
