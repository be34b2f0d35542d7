import { z } from 'zod';
import { EXIT } from '../exit-codes.ts';

export const exitCode = z.literal(Object.values(EXIT));

/** What a command says when it comes to its end. */
export const documentOf = (command: string, fields: z.ZodRawShape): z.ZodObject =>
  z.strictObject({ command: z.literal(command), ok: z.boolean().describe('exit code 0'), exitCode, ...fields });
