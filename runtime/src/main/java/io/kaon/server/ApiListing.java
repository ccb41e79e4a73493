// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.Feature;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.ApiVersionsResponse.FinalizedFeatureKey;
import io.kaon.wire.message.ApiVersionsResponse.SupportedFeatureKey;
import java.util.ArrayList;
import java.util.List;

/** The table of apis as an ApiVersions response. */
public final class ApiListing {
    private static final int FIRST_VERSION_WITH_FEATURES = 3;
    private static final int FIRST_VERSION_WITH_LEVEL_0 = 4;

    private ApiListing() {}

    /** A fresh response without an error and without features, such as a client gets that speaks an unknown version. */
    public static ApiVersionsResponse of(ApiTable table) {
        List<ApiVersionsResponse.ApiVersion> versions = new ArrayList<>();
        for (ApiTable.Api api : table.all()) {
            versions.add(new ApiVersionsResponse.ApiVersion()
                    .setApiKey(api.key().id())
                    .setMinVersion(api.oldestVersion())
                    .setMaxVersion(api.newestVersion()));
        }
        return new ApiVersionsResponse().setApiKeys(versions);
    }

    /**
     * With the features that this broker knows and the levels that the cluster agreed on.
     *
     * @param version of the request: features came with version 3
     */
    public static ApiVersionsResponse of(ApiTable table, ClusterImage image, short version) {
        ApiVersionsResponse response = of(table);
        return version < FIRST_VERSION_WITH_FEATURES
                ? response
                : response.setSupportedFeatures(supported(version))
                        .setFinalizedFeatures(finalized(image))
                        .setFinalizedFeaturesEpoch(image.offset());
    }

    /** Clients of version 3 take 0 as lowest level for an error: they are not told of such features (KIP-1022). */
    private static List<SupportedFeatureKey> supported(short version) {
        List<SupportedFeatureKey> features = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            if (feature.minLevel() > Feature.OFF || version >= FIRST_VERSION_WITH_LEVEL_0) {
                features.add(new SupportedFeatureKey()
                        .setName(feature.featureName())
                        .setMinVersion(feature.minLevel())
                        .setMaxVersion(feature.maxLevel()));
            }
        }
        return features;
    }

    private static List<FinalizedFeatureKey> finalized(ClusterImage image) {
        List<FinalizedFeatureKey> features = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            short level = feature.levelIn(image);
            if (level != Feature.OFF) {
                features.add(new FinalizedFeatureKey()
                        .setName(feature.featureName())
                        .setMinVersionLevel(level)
                        .setMaxVersionLevel(level));
            }
        }
        return features;
    }
}
