// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.Feature;
import io.kaon.wire.StateMessage;
import io.kaon.wire.message.UpdateFeaturesRequest;
import io.kaon.wire.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.kaon.wire.message.UpdateFeaturesResponse;
import io.kaon.wire.message.UpdateFeaturesResponse.UpdatableFeatureResult;
import io.kaon.wire.state.FeatureLevelRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides about one UpdateFeatures request: all of it, or nothing. Used once.
 *
 * <p>As Kafka 4.4 does, only the upgrade type allows to go down. Version 0 has a flag {@code allowDowngrade} instead,
 * which Kafka no longer looks at: with version 0 levels only rise. Of several updates of a feature the last one counts.
 */
final class FeatureUpdate {
    private static final byte UPGRADE = 1;
    private static final byte SAFE_DOWNGRADE = 2;
    private static final byte UNSAFE_DOWNGRADE = 3;
    private static final int LAST_VERSION_WITH_RESULTS = 1;

    private final ClusterImage image;
    private final Map<Feature, Short> changed = new EnumMap<>(Feature.class);

    FeatureUpdate(ClusterImage image) {
        this.image = image;
    }

    /**
     * The levels of features that the journal never spoke of, because it is new or older than the feature: the highest.
     * One that was switched off is written as 0 and stays off.
     */
    static List<StateMessage> firstLevels(ClusterImage image) {
        List<StateMessage> records = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            if (!image.features().containsKey(feature.featureName())) {
                records.add(record(feature, feature.maxLevel()));
            }
        }
        return records;
    }

    Decision<UpdateFeaturesResponse> decide(UpdateFeaturesRequest request, short version) {
        Map<String, FeatureUpdateKey> lastOfEach = new LinkedHashMap<>();
        request.featureUpdates().forEach(update -> lastOfEach.put(update.feature(), update));
        for (FeatureUpdateKey update : lastOfEach.values()) {
            Optional<String> problem = apply(update);
            if (problem.isPresent()) {
                return new Decision<>(List.of(), refused(update, problem.get()));
            }
        }
        List<StateMessage> records = new ArrayList<>();
        changed.forEach((feature, level) -> {
            if (level != feature.levelIn(image)) {
                records.add(record(feature, level));
            }
        });
        UpdateFeaturesResponse response = new UpdateFeaturesResponse();
        if (version <= LAST_VERSION_WITH_RESULTS) {
            response.setResults(results(request));
        }
        return new Decision<>(request.validateOnly() ? List.of() : records, response);
    }

    /** What is wrong with an update, if anything. */
    private Optional<String> apply(FeatureUpdateKey update) {
        byte type = update.upgradeType();
        short level = update.maxVersionLevel();
        if (type < UPGRADE || type > UNSAFE_DOWNGRADE) {
            return Optional.of("There is no upgrade type " + type + ".");
        }
        if (level < 0) {
            return Optional.of("A level cannot be less than 0.");
        }
        Optional<Feature> known = Feature.named(update.feature());
        if (known.isEmpty()) {
            return Optional.of("Kaon has no feature of that name.");
        }
        Feature feature = known.get();
        if (!feature.supports(level)) {
            return Optional.of("Kaon supports levels " + feature.minLevel() + " to " + feature.maxLevel() + ".");
        }
        short current = feature.levelIn(image);
        if (level < current && type != SAFE_DOWNGRADE && type != UNSAFE_DOWNGRADE) {
            return Optional.of("The level is " + current
                    + " now, and only an upgrade type of safe or unsafe downgrade allows to go below.");
        }
        changed.put(feature, level);
        return Optional.empty();
    }

    private static UpdateFeaturesResponse refused(FeatureUpdateKey update, String problem) {
        return new UpdateFeaturesResponse()
                .setErrorCode(ErrorCode.INVALID_UPDATE_VERSION.code())
                .setErrorMessage("No feature was updated: level " + update.maxVersionLevel() + " of " + update.feature()
                        + " is invalid. " + problem);
    }

    private static List<UpdatableFeatureResult> results(UpdateFeaturesRequest request) {
        List<UpdatableFeatureResult> results = new ArrayList<>();
        for (FeatureUpdateKey update : request.featureUpdates()) {
            results.add(
                    new UpdatableFeatureResult().setFeature(update.feature()).setErrorMessage(null));
        }
        return results;
    }

    private static StateMessage record(Feature feature, short level) {
        return new FeatureLevelRecord().setName(feature.featureName()).setFeatureLevel(level);
    }
}
