// The ordinary test projects with the bug that MUTATION names in one module; without it, just the projects.
import { defineConfig } from 'vitest/config';
import ordinary from '../../vitest.config.ts';
import { MUTATIONS } from './mutations.mjs';
import { planter } from './plant.mjs';

const mutation = MUTATIONS.find((m) => m.name === process.env['MUTATION']);

export default defineConfig({
  cacheDir: process.env['MUTATION_CACHE'],
  test: { projects: ordinary.test.projects.map((project) => ({ ...project, cacheDir: process.env['MUTATION_CACHE'], plugins: [planter(mutation)] })) },
});
