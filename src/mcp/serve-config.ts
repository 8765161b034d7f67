import { z } from 'zod'

/** Section `mcp.serve` of the configuration. */
export const mcpServeConfig = z
  .strictObject({
    on: z
      .boolean()
      .default(false)
      .describe(
        'true: programs with an API key may search, ask and open tickets over the Model Context Protocol at /mcp. Default false. Needs the package @modelcontextprotocol/server.',
      ),
    inbox: z
      .string()
      .optional()
      .meta({ examples: ['brand'] })
      .describe(
        'The api inbox in which tickets are opened and answered. Default none: there are no tools for tickets.',
      ),
  })
  .prefault({})
