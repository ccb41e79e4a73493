// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSliceTest {
    @TempDir
    Path directory;

    private byte[] bytes;
    private SharedFile file;

    @BeforeEach
    void open() throws IOException {
        bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Path path = directory.resolve("0.log");
        Files.write(path, bytes);
        file = SharedFile.open(path, StandardOpenOption.READ);
    }

    @Test
    void shouldReadItsRegion() {
        // Given
        FileSlice slice = FileSlice.cold(file, 1000, 200_000).orElseThrow();

        // When
        slice.touch();
        ByteBuffer read = slice.toBuffer();

        // Then
        assertThat(read).isEqualTo(ByteBuffer.wrap(bytes, 1000, 200_000));
        assertThat(slice.isHot()).isFalse();
        assertThat(FileSlice.hot(file, 0, 0).orElseThrow().toBuffer().remaining())
                .isZero();
    }

    @Test
    void shouldKeepTheFileOpenUntilTheLastHolderLeaves() {
        // Given
        FileSlice first = FileSlice.hot(file, 0, 10).orElseThrow();
        FileSlice second = FileSlice.hot(file, 10, 10).orElseThrow();

        // When
        file.release();
        first.release();
        first.release();

        // Then
        assertThat(file.isClosed()).isFalse();
        assertThat(second.toBuffer().remaining()).isEqualTo(10);
        second.release();
        assertThat(file.isClosed()).isTrue();
        assertThat(file.channel().isOpen()).isFalse();
    }

    @Test
    void shouldNotReviveAClosedFile() {
        // When
        file.release();

        // Then
        assertThat(file.retain()).isFalse();
        assertThat(FileSlice.hot(file, 0, 10)).isEmpty();
        assertThatThrownBy(file::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldNameFileAndPositionWhenTheRegionWasCut() {
        // Given
        FileSlice slice = FileSlice.cold(file, 299_000, 2000).orElseThrow();

        // When, Then
        assertThatThrownBy(slice::toBuffer).isInstanceOfSatisfying(SliceReadException.class, failure -> {
            assertThat(failure.position()).isEqualTo(300_000);
            assertThat(failure.file()).isEqualTo(file.path());
        });
        assertThatThrownBy(slice::touch).isInstanceOf(SliceReadException.class);
    }

    @Test
    void shouldNotBeReadAfterItsRelease() {
        // Given
        FileSlice slice = FileSlice.cold(file, 0, 10).orElseThrow();

        // When
        slice.release();

        // Then
        assertThatThrownBy(slice::toBuffer).isInstanceOf(IllegalArgumentException.class);
    }
}
