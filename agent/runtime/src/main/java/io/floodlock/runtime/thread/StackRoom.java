package io.floodlock.runtime.thread;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Checks whether the calling thread has enough room left on its stack, before a change of shared state in several steps
 * begins. A caller that finds too little does not begin the change. Thread-safe.
 */
public final class StackRoom {
    /*
     * A StackOverflowError may be thrown at any call. Code that changes shared state in several steps can't be
     * written so that each step may be the last. So it is only begun if there is room for all of it. Java doesn't
     * tell how much stack is left: the only way is to use some, and see.
     *
     * A frame is made large by many variables that are alive across a call. Filling them costs far more than having
     * room for them, so they are filled in only one call of many: often enough that compilers keep that path, and
     * with it the size of the frame. The method is too large to be inlined, which would make its callers' frames as
     * large.
     *
     * Code that enters and leaves in the same frame needs to check only as it enters: the same stack is left as it
     * leaves.
     */

    /** Size of a frame: 120 variables and its own needs, interpreted or compiled. */
    private static final int FRAME_BYTES = 1_000;

    private static final int FILLS = 1_024;

    private static final long[] V = new long[120];

    private StackRoom() {}

    /**
     * Throws a StackOverflowError unless about {@code bytes} bytes are left.
     *
     * @param fills true in about one of a thousand calls
     */
    public static void require(int bytes, boolean fills) {
        frame(bytes / FRAME_BYTES, fills);
    }

    /** Whether about {@code bytes} bytes are left. */
    public static boolean has(int bytes) {
        try {
            require(bytes, ThreadLocalRandom.current().nextInt(FILLS) == 0);
            return true;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    private static long frame(int more, boolean fills) {
        if (!fills) {
            return more > 0 ? frame(more - 1, false) : 0;
        }
        long v0 = V[0], v1 = V[1], v2 = V[2], v3 = V[3], v4 = V[4], v5 = V[5], v6 = V[6], v7 = V[7];
        long v8 = V[8], v9 = V[9], v10 = V[10], v11 = V[11], v12 = V[12], v13 = V[13], v14 = V[14], v15 = V[15];
        long v16 = V[16], v17 = V[17], v18 = V[18], v19 = V[19], v20 = V[20], v21 = V[21], v22 = V[22], v23 = V[23];
        long v24 = V[24], v25 = V[25], v26 = V[26], v27 = V[27], v28 = V[28], v29 = V[29], v30 = V[30], v31 = V[31];
        long v32 = V[32], v33 = V[33], v34 = V[34], v35 = V[35], v36 = V[36], v37 = V[37], v38 = V[38], v39 = V[39];
        long v40 = V[40], v41 = V[41], v42 = V[42], v43 = V[43], v44 = V[44], v45 = V[45], v46 = V[46], v47 = V[47];
        long v48 = V[48], v49 = V[49], v50 = V[50], v51 = V[51], v52 = V[52], v53 = V[53], v54 = V[54], v55 = V[55];
        long v56 = V[56], v57 = V[57], v58 = V[58], v59 = V[59], v60 = V[60], v61 = V[61], v62 = V[62], v63 = V[63];
        long v64 = V[64], v65 = V[65], v66 = V[66], v67 = V[67], v68 = V[68], v69 = V[69], v70 = V[70], v71 = V[71];
        long v72 = V[72], v73 = V[73], v74 = V[74], v75 = V[75], v76 = V[76], v77 = V[77], v78 = V[78], v79 = V[79];
        long v80 = V[80], v81 = V[81], v82 = V[82], v83 = V[83], v84 = V[84], v85 = V[85], v86 = V[86], v87 = V[87];
        long v88 = V[88], v89 = V[89], v90 = V[90], v91 = V[91], v92 = V[92], v93 = V[93], v94 = V[94], v95 = V[95];
        long v96 = V[96],
                v97 = V[97],
                v98 = V[98],
                v99 = V[99],
                v100 = V[100],
                v101 = V[101],
                v102 = V[102],
                v103 = V[103];
        long v104 = V[104],
                v105 = V[105],
                v106 = V[106],
                v107 = V[107],
                v108 = V[108],
                v109 = V[109],
                v110 = V[110],
                v111 = V[111];
        long v112 = V[112],
                v113 = V[113],
                v114 = V[114],
                v115 = V[115],
                v116 = V[116],
                v117 = V[117],
                v118 = V[118],
                v119 = V[119];
        long below = more > 0 ? frame(more - 1, true) : 0;
        return below + v0 + v1 + v2 + v3 + v4 + v5 + v6 + v7 + v8 + v9 + v10 + v11 + v12 + v13 + v14 + v15 + v16 + v17
                + v18 + v19 + v20 + v21 + v22 + v23 + v24 + v25 + v26 + v27 + v28 + v29 + v30 + v31 + v32 + v33 + v34
                + v35 + v36 + v37 + v38 + v39 + v40 + v41 + v42 + v43 + v44 + v45 + v46 + v47 + v48 + v49 + v50 + v51
                + v52 + v53 + v54 + v55 + v56 + v57 + v58 + v59 + v60 + v61 + v62 + v63 + v64 + v65 + v66 + v67 + v68
                + v69 + v70 + v71 + v72 + v73 + v74 + v75 + v76 + v77 + v78 + v79 + v80 + v81 + v82 + v83 + v84 + v85
                + v86 + v87 + v88 + v89 + v90 + v91 + v92 + v93 + v94 + v95 + v96 + v97 + v98 + v99 + v100 + v101 + v102
                + v103 + v104 + v105 + v106 + v107 + v108 + v109 + v110 + v111 + v112 + v113 + v114 + v115 + v116 + v117
                + v118 + v119;
    }
}
