import type { ContentFault } from '../core/knowledge.ts'
import type { ToolsSection } from '../tools/index.ts'

/** Articles that tools answer for and that there are not: such an answer would be given to nobody. */
export const toolArticleFaults = (
  { http, mcp }: Pick<ToolsSection, 'http' | 'mcp'>,
  articles: ReadonlySet<string>,
): readonly ContentFault[] => {
  const all = [
    ...Object.entries(http).map(([name, { answer }]) => ({ key: `http.${name}`, answer })),
    ...Object.entries(mcp).flatMap(([server, { tools }]) =>
      Object.entries(tools).map(([name, { answer }]) => ({ key: `mcp.${server}.tools.${name}`, answer })),
    ),
  ]
  return all.flatMap(({ key, answer }) =>
    (answer?.articles ?? [])
      .filter((id) => !articles.has(id))
      .map((id) => ({
        file: `tools.${key}.answer.articles`,
        line: 1,
        problem: `没有文章 there is no article “${id}”，工具答不了它 for the tool to answer`,
        fix: '写已有文章的 id，或去掉这一项 name an article that there is, or leave it out',
      })),
  )
}
