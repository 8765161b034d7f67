import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/store/schema.ts',
    './src/store/schema-api.ts',
    './src/store/schema-calendars.ts',
    './src/store/schema-timers.ts',
  ],
  out: './src/store/migrations',
})
