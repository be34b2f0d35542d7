// The known bugs, by the part of the product that keeps the rule each of them breaks.
import { CODEC } from './codec.mjs';
import { CONTROL } from './control.mjs';
import { CORE } from './core.mjs';
import { ENGINE } from './engine.mjs';
import { HISTORY } from './history.mjs';
import { LOCAL } from './local.mjs';
import { REMOTE } from './remote.mjs';
import { S3 } from './s3.mjs';
import { STATE } from './state.mjs';
import { STORE } from './store.mjs';
import { SWITCH } from './switch.mjs';

/** @type {readonly import('./plant.mjs').Mutation[]} */
export const MUTATIONS = [...ENGINE, ...CORE, ...LOCAL, ...REMOTE, ...STORE, ...S3, ...STATE, ...CODEC, ...HISTORY, ...SWITCH, ...CONTROL];
