import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../components/empty-state.tsx';

export function NotFound() {
  return (
    <EmptyState title="There is no such page">
      The address may have a typing error, or the page has another name in this version.
      <Button component={Link} to="/" variant="default">
        To the first page
      </Button>
    </EmptyState>
  );
}
