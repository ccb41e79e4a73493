// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import static io.kaon.controller.TestCluster.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.Feature;
import io.kaon.metadata.ImageBuilder;
import io.kaon.wire.StateMessage;
import io.kaon.wire.message.UpdateFeaturesRequest;
import io.kaon.wire.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.kaon.wire.message.UpdateFeaturesResponse;
import io.kaon.wire.state.FeatureLevelRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UpdateFeatures, and the levels with which a cluster starts. The refusals are those of Kafka 4.4. */
class FeatureUpdateTest {
    private static final int UPGRADE = 1;
    private static final int SAFE_DOWNGRADE = 2;
    private static final int UNSAFE_DOWNGRADE = 3;
    private static final String GROUPS = "group.version";
    private static final String TRANSACTIONS = "transaction.version";

    private final TestCluster cluster = TestCluster.withBrokers(1);

    @Test
    void shouldStartAFreshClusterWithTheHighestLevels() {
        // When
        ClusterImage image = cluster.images().current();

        // Then
        assertThat(image.features()).isEqualTo(Map.of(GROUPS, (short) 1, TRANSACTIONS, (short) 2));
        assertThat(Feature.GROUP_VERSION.levelIn(image)).isEqualTo((short) 1);
        assertThat(Feature.TRANSACTION_VERSION.levelIn(image)).isEqualTo((short) 2);
    }

    @Test
    void shouldGiveAnOlderJournalTheHighestLevelsAndLeaveWhatWasDecided() {
        // Given
        ClusterImage nothing = new ImageBuilder(ClusterImage.EMPTY).build(3);
        ClusterImage off =
                new ImageBuilder(nothing).replay(record(TRANSACTIONS, 0)).build(4);

        // When
        List<StateMessage> ofAnOldJournal = FeatureUpdate.firstLevels(nothing);
        List<StateMessage> ofAnExplicitZero = FeatureUpdate.firstLevels(off);

        // Then
        assertThat(ofAnOldJournal).containsExactly(record(GROUPS, 1), record(TRANSACTIONS, 2));
        assertThat(ofAnExplicitZero).containsExactly(record(GROUPS, 1));
    }

    @Test
    void shouldKeepAFeatureOffWhenTheControllerStartsAgain() {
        // Given
        update(update(GROUPS, 0, UNSAFE_DOWNGRADE), update(TRANSACTIONS, 1, SAFE_DOWNGRADE));

        // When
        TestCluster restarted = cluster.restarted();
        assertThat(restarted.controller().start()).isCompleted();

        // Then
        ClusterImage image = restarted.images().current();
        assertThat(Feature.GROUP_VERSION.levelIn(image)).isZero();
        assertThat(Feature.TRANSACTION_VERSION.levelIn(image)).isEqualTo((short) 1);
    }

    @Test
    void shouldGoDownAndUpAgain() {
        // When
        UpdateFeaturesResponse down = update(update(TRANSACTIONS, 0, SAFE_DOWNGRADE));
        short lowest = level(Feature.TRANSACTION_VERSION);
        UpdateFeaturesResponse up = update(update(TRANSACTIONS, 2, UPGRADE));

        // Then
        assertThat(down.errorCode()).isZero();
        assertThat(lowest).isZero();
        assertThat(up.errorCode()).isZero();
        assertThat(level(Feature.TRANSACTION_VERSION)).isEqualTo((short) 2);
    }

    @ParameterizedTest
    @CsvSource({
        "transaction.version, 3, 1",
        "transaction.version, 1, 1",
        "transaction.version, 0, 1",
        "transaction.version, -1, 2",
        "transaction.version, 1, 0",
        "transaction.version, 1, 7",
        "group.version, 2, 1",
        "metadata.version, 33, 1",
        "nonsense, 1, 1",
        "nonsense, 0, 2",
        "'', 1, 1",
    })
    void shouldRefuse(String feature, int level, int type) {
        // Given
        int entries = cluster.journal().size();

        // When
        UpdateFeaturesResponse response = update(update(feature, level, type));

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
        assertThat(response.errorMessage()).contains(feature).endsWith(".");
        assertThat(response.results()).isEmpty();
        assertThat(cluster.journal().size()).isEqualTo(entries);
    }

    @Test
    void shouldDoAllOrNothing() {
        // When
        UpdateFeaturesResponse response = update(update(TRANSACTIONS, 1, SAFE_DOWNGRADE), update(GROUPS, 5, UPGRADE));

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
        assertThat(level(Feature.TRANSACTION_VERSION)).isEqualTo((short) 2);
    }

    @Test
    void shouldWriteNothingWhenAskedOnlyWhetherItWouldWork() {
        // Given
        int entries = cluster.journal().size();
        UpdateFeaturesRequest request = new UpdateFeaturesRequest()
                .setFeatureUpdates(List.of(update(TRANSACTIONS, 1, SAFE_DOWNGRADE)))
                .setValidateOnly(true);

        // When
        UpdateFeaturesResponse response = value(cluster.controller().updateFeatures(request, (short) 2));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(cluster.journal().size()).isEqualTo(entries);
    }

    @Test
    void shouldWriteNothingWhenTheLevelIsThereAlready() {
        // Given
        int entries = cluster.journal().size();

        // When
        UpdateFeaturesResponse response = update(update(TRANSACTIONS, 2, UPGRADE), update(GROUPS, 1, SAFE_DOWNGRADE));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(cluster.journal().size()).isEqualTo(entries);
    }

    @Test
    void shouldTakeOnlyTheLastOfSeveralUpdatesOfAFeature() {
        // When
        UpdateFeaturesResponse down = update(update(TRANSACTIONS, 9, UPGRADE), update(TRANSACTIONS, 1, SAFE_DOWNGRADE));
        short level = level(Feature.TRANSACTION_VERSION);
        UpdateFeaturesResponse bothWays = update(update(TRANSACTIONS, 2, UPGRADE), update(TRANSACTIONS, 0, UPGRADE));

        // Then
        assertThat(down.errorCode()).isZero();
        assertThat(level).isEqualTo((short) 1);
        assertThat(bothWays.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
        assertThat(level(Feature.TRANSACTION_VERSION)).isEqualTo((short) 1);
    }

    /** Its flag allowDowngrade came before the upgrade types, and is not looked at any more. */
    @Test
    void shouldNotGoDownWithVersionZero() {
        // Given
        UpdateFeaturesRequest request = new UpdateFeaturesRequest()
                .setFeatureUpdates(List.of(update(TRANSACTIONS, 1, UPGRADE).setAllowDowngrade(true)));

        // When
        UpdateFeaturesResponse response = value(cluster.controller().updateFeatures(request, (short) 0));

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
        assertThat(level(Feature.TRANSACTION_VERSION)).isEqualTo((short) 2);
    }

    @Test
    void shouldRefuseWhatWouldNotWorkWhenAskedOnlyWhetherItWould() {
        // Given
        UpdateFeaturesRequest request = new UpdateFeaturesRequest()
                .setFeatureUpdates(List.of(update(GROUPS, 2, UPGRADE)))
                .setValidateOnly(true);

        // When
        UpdateFeaturesResponse response = value(cluster.controller().updateFeatures(request, (short) 2));

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 0"})
    void shouldAnswerFeatureByFeatureBeforeVersionTwo(short version, int results) {
        // Given
        UpdateFeaturesRequest request =
                new UpdateFeaturesRequest().setFeatureUpdates(List.of(update(GROUPS, 1, UPGRADE)));

        // When
        UpdateFeaturesResponse response = value(cluster.controller().updateFeatures(request, version));

        // Then
        assertThat(response.results()).hasSize(results).allSatisfy(result -> assertThat(result.errorCode())
                .isZero());
    }

    private UpdateFeaturesResponse update(FeatureUpdateKey... updates) {
        UpdateFeaturesRequest request = new UpdateFeaturesRequest().setFeatureUpdates(List.of(updates));
        return value(cluster.controller().updateFeatures(request, (short) 2));
    }

    private short level(Feature feature) {
        return feature.levelIn(cluster.images().current());
    }

    private static FeatureUpdateKey update(String feature, int level, int type) {
        return new FeatureUpdateKey()
                .setFeature(feature)
                .setMaxVersionLevel((short) level)
                .setUpgradeType((byte) type);
    }

    private static FeatureLevelRecord record(String name, int level) {
        return new FeatureLevelRecord().setName(name).setFeatureLevel((short) level);
    }
}
