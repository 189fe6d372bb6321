// Starts GraphiQL on the API beside it. The token is written once, into the Headers tab, and
// kept in this browser by GraphiQL itself.
const welcome = `# Write your token into the Headers tab below:
#   { "Authorization": "Bearer pma_..." }
# then run this with Ctrl-Enter. Reload the page once for completion and documentation.
{
  configRevision { id actor createdAt }
  tenants { totalCount nodes { id name enabled } }
  trunks { nodes { name kind sources endpoints { host port transport } } }
  routingRules { nodes { name calledPrefix priority routingGroup { name } } }
}
`;
const fetcher = GraphiQL.createFetcher({ url: "graphql" });
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: welcome,
    defaultHeaders: '{ "Authorization": "Bearer " }',
    defaultEditorToolsVisibility: "headers",
    shouldPersistHeaders: true,
  }),
);
