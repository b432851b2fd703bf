package dev.pitr.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HeapPagesTest {
    private static final int XMIN_INVALID = 0x0200;
    private static final int COLUMNS = 4 + HeapPages.NAME_BYTES;

    private final ByteBuffer page = ByteBuffer.allocate(HeapPages.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int rows;

    private void add(long oid, String name, int xmax, int infoMask) {
        int length = 24 + COLUMNS;
        int offset = HeapPages.PAGE_BYTES - (rows + 1) * 96;
        page.putInt(24 + 4 * rows, offset | 1 << 15 | length << 17);
        page.putInt(offset + 4, xmax).putShort(offset + 20, (short) infoMask).put(offset + 22, (byte) 24);
        page.putInt(offset + 24, (int) oid).put(offset + 28, name.getBytes(StandardCharsets.UTF_8));
        rows++;
        page.putShort(12, (short) (24 + 4 * rows));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        HeapPages.read(page.array(), COLUMNS, row -> names.add(row.number(0) + " " + row.name(4)));
        return names;
    }

    @Test
    void showsRowsThatAreAliveLast() {
        add(16384, "alive", 0, 0);
        add(16385, "deleted", 700, 0);
        add(16386, "rolled back", 0, XMIN_INVALID);

        assertThat(names()).containsExactly("16385 deleted", "16384 alive");
    }

    @Test
    void showsNothingOfAnEmptyPage() {
        assertThat(names()).isEmpty();
    }

    @Property
    void neverFailsOnBytesThatAreNoPage(@ForAll @Size(HeapPages.PAGE_BYTES) byte[] bytes) {
        HeapPages.read(bytes, COLUMNS, row -> assertThat(row.name(4).length()).isLessThanOrEqualTo(64));
    }
}
