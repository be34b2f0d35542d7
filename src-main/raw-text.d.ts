/** Text files taken into the bundle as they are (`import sql from './schema.sql?raw'`). */
declare module '*?raw' {
  const text: string;
  export default text;
}
