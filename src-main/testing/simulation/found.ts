import type { Act, SimEvent } from './sim-event.ts';

/** A random history that once broke a law: the shape's name, its seed, and its events as they were drawn then. */
export interface FoundHistory {
  readonly shape: string;
  readonly what: string;
  readonly seed: number;
  readonly events: readonly SimEvent[];
}

type Drawn = readonly [after: number, who: number, act: Act, a: number, b: number];

function found(shape: string, what: string, seed: number, drawn: readonly Drawn[]): FoundHistory {
  return { shape, what, seed, events: drawn.map(([after, who, act, a, b]) => ({ after, who, act, a, b })) };
}

/** Played in every run of the tests. A new one: `npm run soak` prints its events, shrunk. */
export const FOUND: readonly FoundHistory[] = [
  found('C51 C52 faults and lost replies', 'a move that was taken back swept away what the user had put at its target', 427898571, [
    [17, 19, 'overwrite', 309, 23],
    [15, 44, 'write', 447, 468],
    [81, 31, 'make-folder', 548, 887],
    [74, 8, 'sync', 380, 149],
    [104, 24, 'write', 25, 924],
    [32, 16, 'die', 273, 704],
    [22, 11, 'rename', 841, 1016],
    [17, 2, 'rename', 1012, 817],
    [58, 61, 'remove', 687, 935],
    [80, 61, 'remove', 502, 496],
    [41, 26, 'write', 781, 458],
    [11, 13, 'rename', 531, 20],
    [85, 55, 'folder-to-file', 416, 520],
    [75, 58, 'write', 559, 914],
    [0, 18, 'overwrite', 785, 455],
    [73, 1, 'remove', 757, 216],
  ]),
  found('C46 other tools in the backup folder', 'an object that another program wrote to while it was fetched was called damaged', 427899633, [
    [34, 53, 'rename', 490, 90],
    [0, 14, 'rename', 638, 136],
    [4, 2, 'write', 989, 897],
    [100, 23, 'rename', 683, 341],
    [15, 63, 'rename-folder', 919, 65],
    [12, 35, 'write', 119, 753],
    [5, 61, 'remove', 598, 642],
    [91, 40, 'make-folder', 531, 855],
    [6, 2, 'watch', 798, 663],
    [1, 12, 'foreign', 841, 785],
    [66, 8, 'foreign', 597, 884],
    [67, 15, 'remove-folder', 946, 254],
    [61, 33, 'foreign', 293, 389],
  ]),
  found('C48 L4 one writer on a backup folder', 'a link in the backup folder that became a file in mid-read failed instead of being looked at again', 427899109, [
    [3, 60, 'touch', 658, 886],
    [1, 32, 'write', 180, 857],
    [75, 10, 'make-folder', 283, 65],
    [19, 60, 'sync', 17, 219],
    [105, 30, 'rename', 444, 230],
    [9, 48, 'write', 384, 285],
    [16, 23, 'symlink', 741, 764],
    [4, 9, 'sync', 727, 776],
    [93, 11, 'write', 813, 546],
    [83, 52, 'watch', 370, 98],
    [7, 45, 'write', 174, 880],
    [99, 35, 'overwrite', 520, 110],
    [57, 42, 'write', 785, 912],
  ]),
  found('C44 wrong clocks, C42 weeks asleep', 'a late edit gets its name back from what had just been fetched', 427899682, [
    [10, 17, 'overwrite', 662, 619],
    [53, 40, 'file-to-folder', 44, 140],
    [35, 33, 'overwrite', 381, 546],
    [11, 46, 'rename', 883, 846],
    [8, 2, 'rename', 760, 742],
    [43, 8, 'sync', 882, 326],
    [72, 8, 'overwrite', 497, 475],
    [110, 38, 'overwrite', 67, 309],
    [99, 5, 'overwrite', 431, 356],
    [48, 42, 'watch', 773, 129],
    [110, 12, 'write', 912, 837],
    [33, 3, 'overwrite', 775, 242],
    [3, 38, 'overwrite', 261, 1012],
    [0, 25, 'remove', 315, 696],
    [114, 19, 'rename', 860, 518],
    [4, 58, 'remove', 900, 100],
  ]),
  found('C46 other tools in the bucket', 'what a user puts where something was just taken away', 427900440, [
    [119, 8, 'remove-folder', 387, 725],
    [81, 5, 'remove', 488, 657],
    [18, 46, 'foreign', 201, 344],
    [1, 10, 'rename', 463, 886],
    [37, 44, 'write', 593, 756],
    [94, 20, 'sync', 334, 745],
    [27, 17, 'watch', 523, 821],
    [117, 6, 'overwrite', 659, 402],
    [17, 56, 'sync', 665, 59],
    [1, 14, 'foreign', 70, 191],
    [101, 46, 'file-to-folder', 959, 146],
    [14, 37, 'foreign', 652, 335],
    [1, 8, 'rename', 194, 195],
    [85, 61, 'symlink', 222, 13],
    [6, 41, 'write', 265, 238],
    [78, 2, 'write', 682, 766],
  ]),
  found('C44 wrong clocks, C42 weeks asleep', 'a late edit of a conflict copy that is being replaced', 427900062, [
    [1, 62, 'rename', 933, 410],
    [117, 6, 'write', 643, 967],
    [10, 39, 'write', 961, 207],
    [64, 9, 'write', 1000, 124],
    [99, 8, 'watch', 260, 859],
    [16, 46, 'mode', 274, 484],
    [0, 43, 'overwrite', 217, 745],
    [54, 54, 'write', 473, 573],
    [44, 45, 'rename', 762, 425],
    [17, 55, 'overwrite', 465, 982],
    [62, 18, 'rename', 400, 467],
    [106, 51, 'swap', 959, 748],
    [17, 37, 'overwrite', 119, 458],
    [65, 45, 'sync', 340, 1008],
    [106, 63, 'overwrite', 532, 932],
    [22, 39, 'overwrite', 501, 102],
  ]),
];
