// Fetches Node.js and the dependencies when they are missing, and ends.
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
