"""Refuses a document of several operations that does not say which one to run."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class OneOperation(SchemaExtension):
    """GraphQL, section 6.1: without a name there must be one operation. Strawberry would run
    the first."""

    def on_validate(self) -> Iterator[None]:
        """Before the rules of the schema."""
        context = self.execution_context
        document = context.graphql_document
        named = context._provided_operation_name is not None  # noqa: SLF001 -- nowhere else
        if document is not None and not named:
            operations = [
                node for node in document.definitions if isinstance(node, OperationDefinitionNode)
            ]
            if len(operations) > 1:
                context.pre_execution_errors = [
                    GraphQLError("Say by operationName which of the operations to run.", operations)
                ]
        yield
