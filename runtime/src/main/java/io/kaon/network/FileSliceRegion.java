// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.record.FileSlice;
import io.netty.channel.DefaultFileRegion;

/** Sends a slice of a log file without copying it through the heap. The slice is released by who made the region. */
final class FileSliceRegion extends DefaultFileRegion {
    FileSliceRegion(FileSlice slice) {
        super(slice.file().channel(), slice.position(), slice.sizeInBytes());
    }

    @Override
    protected void deallocate() {
        // The file is shared with the log and other sends: Netty would close it here.
    }
}
