/// <reference types="vite/client" />

/** The reader of photos without the kinds that no phone takes; the package has types for the whole one only. */
declare module 'exifr/dist/lite.esm.mjs' {
  export { default } from 'exifr'
}
