/** Style sheets and images the bundler takes in. */
declare module '*.css';
declare module '@fontsource-variable/inter/wght.css';
declare module '*.png' {
  const url: string;
  export default url;
}
