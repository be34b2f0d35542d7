/** Times of bandwidth: pure reckoning that main process and window share. */
export { bandwidthNow, MOST_ROWS } from '../../src-main/settings/bandwidth-rows.ts';
