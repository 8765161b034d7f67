import { caseTitles, conformanceTable, type Applies, type CaseName } from './table.ts'

const isCase = (name: string): name is CaseName => Object.hasOwn(caseTitles, name)
const cases = Object.keys(caseTitles).filter(isCase)
const rows = Object.entries(conformanceTable)

const cell = (applies: Applies): string => (applies === 'yes' ? '✓' : '–')

const reasons = rows.flatMap(([channel, row]) =>
  cases.flatMap((name) => {
    const applies = row[name]
    return applies === 'yes' ? [] : [`| \`${channel}\` | \`${name}\` | ${applies.no} |`]
  }),
)

/** Which channel passes which case, as Markdown, made from the table that the tests run by. */
export const conformanceReference = (): string => `# What every channel proves

Made by \`npm run docs\` from \`test/conformance/table.ts\`, by which the tests run: the whole product, started as a user
starts it, with the channel's own simulator before it over real HTTP, SMTP, LMTP or WebSocket. Nothing of the product is
replaced; what is looked at is the contact's screen and the agents' desk.

\`npx vitest run test/conformance\` runs it, a file a channel; \`test/conformance/restart.test.ts\` kills one product under
all channels. A case that does not exist on a channel is declared with its reason; none is skipped in silence.

## Cases

| case | what is proven |
|---|---|
${cases.map((name) => `| \`${name}\` | ${caseTitles[name]} |`).join('\n')}

"Once" is counted on the contact's screen and on the desk's record. Where a provider may have taken a message whose
answer was lost, it is sent again and the desk shows it as perhaps repeated, unless the platform knows a repeat by its id.

Mail comes by LMTP here; by IMAP it is proven at the adapter, against a real Dovecot (\`test/channels/email/imap.test.ts\`).
Telegram comes by webhook; what goes another way by polling is held to its cases too.

## Channels

| case | ${rows.map(([channel]) => `\`${channel}\``).join(' | ')} |
|---|${'---|'.repeat(rows.length)}
${cases.map((name) => `| \`${name}\` | ${rows.map(([, row]) => cell(row[name])).join(' | ')} |`).join('\n')}

## Why a case does not exist

| channel | case | reason |
|---|---|---|
${reasons.join('\n')}

## Adding a channel

1. A row in \`test/conformance/table.ts\`; the compiler asks for it as soon as the channel has a name. A reason instead of
   \`yes\` only for what the platform does not have, never for what the adapter cannot do yet.
2. \`test/conformance/stages/<name>.ts\`: how the simulator is set up before the product. A simulator that implements
   \`Simulator\` and stands in \`src/app/demo-clients.ts\` needs only the hooks that no client has: an unknown type, an echo,
   the count of tokens.
3. \`test/conformance/<name>.test.ts\`, one call of \`itConforms\`, and a line in \`test/conformance/restart.test.ts\`.
4. \`npm run docs\`.
`
